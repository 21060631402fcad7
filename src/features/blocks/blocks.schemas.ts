import { Type, type Static } from '@sinclair/typebox';
import { PlaceQuery, placePageFields } from '../../shared/place-pages.js';
import { Ref } from '../../shared/schema.js';
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

export const BlockListQuery = PlaceQuery('people');
export type BlockListQuery = Static<typeof BlockListQuery>;

export const BlockList = Type.Object(
  {
    ...placePageFields('people'),
    users: Type.Array(Ref(ShortUser)),
  },
  {
    $id: 'BlockList',
    description: 'Some of the people whom the user has blocked, the newest first.',
    examples: [{ next: '12', has_more: false, count: 1, users: [CHARLES] }],
  },
);
export type BlockList = Static<typeof BlockList>;
