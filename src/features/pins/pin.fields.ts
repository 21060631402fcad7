import { Type } from '@sinclair/typebox';
import { field, usuallyNull } from '../../database/index.js';
import { Id, Ref, Time } from '../../shared/schema.js';

export const Pinned = Type.Object(
  {
    at: Time('Since when.'),
    by: Id('Who pinned it.'),
    until: Type.Optional(Time('Until when; not there: until somebody takes the pin back.')),
  },
  {
    $id: 'Pinned',
    description: 'Since when a message is pinned.',
    examples: [{ at: '2026-11-23T09:20:00.000Z', by: 5 }],
  },
);

export const pinnedField = field('pinned', Ref(Pinned), { optional: true, usual: usuallyNull('pinned') });
