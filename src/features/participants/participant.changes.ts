import { Type } from '@sinclair/typebox';
import { eventKind } from '../../changes/index.js';
import { Id, Ref, SmallInteger } from '../../shared/schema.js';
import { CHARLES, ShortUser } from '../users/index.js';

const actor_id = Id('Who did it.');
const participant_count = SmallInteger({ description: 'How many people take part now.' });

/** How many times larger people are than their ids are. */
const GROWTH = 64;

const ParticipantsAddition = Type.Object(
  { users: Type.Array(Ref(ShortUser)), participant_count, actor_id },
  {
    $id: 'ParticipantsAddition',
    description: 'Who has been added to a group.',
    examples: [{ users: [CHARLES], participant_count: 3, actor_id: 5 }],
  },
);

const ParticipantRemoval = Type.Object(
  {
    user_id: Id('Who is gone.'),
    participant_count,
    actor_id,
    owner_id: Type.Optional(Id('The new owner of the group, when the owner is gone.')),
  },
  {
    $id: 'ParticipantRemoval',
    description: 'Who has left a group, or was removed from it.',
    examples: [{ user_id: 9, participant_count: 2, actor_id: 9 }],
  },
);

export const participantChangeModels = [ParticipantsAddition, ParticipantRemoval];

export const participantAdded = eventKind({
  type: 'participant.added',
  description: 'Users have been added.',
  stored: Type.Object({ user_ids: Type.Array(Id()) }),
  data: Ref(ParticipantsAddition),
  // A user who was not in the chat has no send in flight.
  conflictsWithSends: false,
  growth: GROWTH,
  membership: ({ user_ids }) => ({ added: user_ids }),
  present: async (readPeople, changes) => {
    const people = await readPeople([...new Set(changes.flatMap(({ data }) => data.user_ids))]);
    return changes.map(({ data: { user_ids }, actorId, participantCount }) => ({
      users: user_ids.flatMap((id) => (people.get(id) as ShortUser | undefined) ?? []),
      participant_count: participantCount,
      actor_id: actorId,
    }));
  },
});

export const participantRemoved = eventKind({
  type: 'participant.removed',
  description: 'A user has left, or was removed, and gets nothing more of the chat.',
  stored: Type.Object({ user_id: Id(), owner_id: Type.Optional(Id()) }),
  data: Ref(ParticipantRemoval),
  conflictsWithSends: true,
  membership: ({ user_id }) => ({ removed: [user_id] }),
  present: (_people, changes) =>
    Promise.resolve(
      changes.map(({ data, actorId, participantCount }) => ({
        ...data,
        participant_count: participantCount,
        actor_id: actorId,
      })),
    ),
});
