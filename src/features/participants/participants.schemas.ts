import { Type, type Static } from '@sinclair/typebox';
import { PlaceQuery, placePageFields } from '../../shared/place-pages.js';
import { Id, Ref, Words } from '../../shared/schema.js';
import { RoleName } from '../chats/index.js';
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

export const ParticipantListQuery = Type.Object({
  ...PlaceQuery('participants').properties,
  name: Type.Optional(
    Words({
      minLength: 1,
      maxLength: 64,
      description: 'Only people of whom a word of username or name begins so; case and accents do not matter.',
      examples: ['char'],
    }),
  ),
});
export type ParticipantListQuery = Static<typeof ParticipantListQuery>;

export const Participant = Type.Object(
  { ...ShortUser.properties, role: RoleName },
  { $id: 'Participant', description: 'Somebody in a chat.', examples: [{ ...CHARLES, role: 'member' }] },
);

export const ParticipantList = Type.Object(
  {
    ...placePageFields('participants'),
    participants: Type.Array(Ref(Participant)),
  },
  {
    $id: 'ParticipantList',
    description: 'Some participants of a chat, in order of joining.',
    examples: [
      {
        next: '12',
        has_more: false,
        count: 2,
        participants: [
          { ...ADA, role: 'owner' },
          { ...CHARLES, role: 'member' },
        ],
      },
    ],
  },
);
export type ParticipantList = Static<typeof ParticipantList>;
