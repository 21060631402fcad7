import { Type, type Static } from '@sinclair/typebox';
import { Id, Nullable, Ref, SmallInteger, WithDefault } from '../../shared/schema.js';
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
      description: 'How many participants, at the most.',
      examples: [100],
    }),
  ),
});
export type ParticipantListQuery = Static<typeof ParticipantListQuery>;

export const ParticipantList = Type.Object(
  {
    next: Nullable(Type.String({ description: 'The `cursor` of the next page; null when this page is empty.' })),
    has_more: Type.Boolean({ description: 'Whether there are participants after this page.' }),
    count: SmallInteger({ description: 'How many participants are on this page.' }),
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
