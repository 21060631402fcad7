import { Type, type Static } from '@sinclair/typebox';
import { Nullable, Ref, SmallInteger, WithDefault } from '../../shared/schema.js';
import { CHARLES, ShortUser } from '../users/index.js';

export const Block = Type.Object(
  {
    user: Ref(ShortUser),
    blocked: Type.Boolean({ description: 'Whether the user has blocked them; false: they have taken it back.' }),
  },
  {
    $id: 'Block',
    description: 'Whether the user has blocked another.',
    examples: [{ user: CHARLES, blocked: true }],
  },
);

export const BlockListQuery = Type.Object({
  cursor: Type.Optional(
    Type.String({
      pattern: '^[0-9]{1,15}$',
      examples: ['12'],
      description: 'Exclusive: the `next` of the page before.',
    }),
  ),
  limit: WithDefault(
    SmallInteger({
      minimum: 1,
      maximum: 500,
      default: 100,
      description: 'How many people, at the most.',
      examples: [100],
    }),
  ),
});
export type BlockListQuery = Static<typeof BlockListQuery>;

export const BlockList = Type.Object(
  {
    next: Nullable(Type.String({ description: 'The `cursor` of the next page; null when this page is empty.' })),
    has_more: Type.Boolean({ description: 'Whether there are people after this page.' }),
    count: SmallInteger({ description: 'How many people are on this page.' }),
    users: Type.Array(Ref(ShortUser)),
  },
  {
    $id: 'BlockList',
    description: 'Some of the people whom the user has blocked, the newest first.',
    examples: [{ next: '12', has_more: false, count: 1, users: [CHARLES] }],
  },
);
export type BlockList = Static<typeof BlockList>;
