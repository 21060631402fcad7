import { Type, type Static } from '@sinclair/typebox';
import { ChatParams } from '../../changes/index.js';
import { PlaceQuery, placePageFields } from '../../shared/place-pages.js';
import { Id, Ref } from '../../shared/schema.js';
import { CHARLES, ShortUser } from '../users/index.js';

export const JoinRequestQuery = PlaceQuery('requests');
export type JoinRequestQuery = Static<typeof JoinRequestQuery>;

export const JoinRequestList = Type.Object(
  { ...placePageFields('requests'), users: Type.Array(Ref(ShortUser), { description: 'In the order of asking.' }) },
  {
    $id: 'JoinRequestList',
    description: 'Who asks to join a group.',
    examples: [{ next: '4', has_more: false, count: 1, users: [CHARLES] }],
  },
);
export type JoinRequestList = Static<typeof JoinRequestList>;

export const JoinRequestParams = Type.Object({
  ...ChatParams.properties,
  user_id: Id('Who asks.', { examples: [9] }),
});
