import { Type, type Static } from '@sinclair/typebox';
import { PlaceQuery, placePageFields } from '../../shared/place-pages.js';
import { Id, Ref } from '../../shared/schema.js';
import { ADA, CHARLES, ShortUser } from '../users/index.js';

/** As many as one request can add; each of them is named in one event. */
const MAX_ADDED = 500;

export const AddParticipants = Type.Object(
  {
    user_ids: Type.Array(Id(), {
      minItems: 1,
      maxItems: MAX_ADDED,
      description: 'The users. Users who take part already stay as they are.',
    }),
  },
  { $id: 'AddParticipants', additionalProperties: false, examples: [{ user_ids: [9] }] },
);

export const ParticipantListQuery = PlaceQuery('participants');
export type ParticipantListQuery = Static<typeof ParticipantListQuery>;

export const ParticipantList = Type.Object(
  {
    ...placePageFields('participants'),
    participants: Type.Array(Ref(ShortUser)),
  },
  {
    $id: 'ParticipantList',
    description: 'Some participants of a chat, in order of joining.',
    examples: [
      {
        next: '12',
        has_more: false,
        count: 2,
        participants: [ADA, CHARLES],
      },
    ],
  },
);
export type ParticipantList = Static<typeof ParticipantList>;
