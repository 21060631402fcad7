import { Type, type Static } from '@sinclair/typebox';
import { field, usuallyNull } from '../../database/index.js';
import { Ref, Text, Time } from '../../shared/schema.js';

export const Forwarded = Type.Object(
  {
    author_name: Text({ description: 'Who wrote it, as they were called then; empty when they are erased.' }),
    at: Time('When it was sent.'),
  },
  {
    $id: 'Forwarded',
    description: 'What a copy says of the message that it was made of.',
    examples: [{ author_name: 'Ada Lovelace', at: '2026-11-23T09:12:00.000Z' }],
  },
);
export type Forwarded = Static<typeof Forwarded>;

export const forwardedField = field('forwarded', Ref(Forwarded), {
  ...{ optional: true, input: 'jsonb', isByServer: true, usual: usuallyNull('forwarded') },
  sql: (message) => `${message}.forwarded - 'author_id' - 'message_id'`,
});
