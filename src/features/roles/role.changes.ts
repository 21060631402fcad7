import { Type } from '@sinclair/typebox';
import { eventKind } from '../../changes/index.js';
import { Id, Ref } from '../../shared/schema.js';
import { RoleName } from '../chats/index.js';

const RoleChange = Type.Object(
  { user_id: Id(), role: RoleName },
  {
    $id: 'RoleChange',
    description: 'A user and the role that they have now.',
    examples: [{ user_id: 7, role: 'moderator' }],
  },
);

const roles = Type.Array(Ref(RoleChange), {
  description: 'Who has another role now: one user, or two when a group has another owner.',
});

const ParticipantUpdate = Type.Object(
  { roles, actor_id: Id('Who did it.') },
  {
    $id: 'ParticipantUpdate',
    description: 'Who has another role in a group.',
    examples: [{ roles: [{ user_id: 7, role: 'moderator' }], actor_id: 5 }],
  },
);

export const roleChangeModels = [RoleChange, ParticipantUpdate];

export const participantUpdated = eventKind({
  type: 'participant.updated',
  description: 'Somebody has another role in a group. What the user may do comes as `chat.settings`.',
  stored: Type.Object({ roles }),
  data: Ref(ParticipantUpdate),
  conflictsWithSends: true,
  present: (_people, changes) => Promise.resolve(changes.map(({ data, actorId }) => ({ ...data, actor_id: actorId }))),
});
