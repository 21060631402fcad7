import { Type } from '@sinclair/typebox';
import { creationKind, eventKind, ownKind } from '../../changes/index.js';
import { Id, Ref, Time } from '../../shared/schema.js';
import { participationJson, settingsProjection } from './chat.fields.js';
import { ChatSettings, ChatWithParticipants } from './chats.schemas.js';

const name = Type.String({ description: 'The name that the group has now.' });
const updated_at = Time('When.');

const ChatUpdate = Type.Object(
  { name, updated_at, actor_id: Id('Who did it.') },
  {
    $id: 'ChatUpdate',
    description: 'Another name of a group.',
    examples: [{ name: 'Difference engines', updated_at: '2026-11-23T09:14:00.000Z', actor_id: 5 }],
  },
);

export const chatChangeModels = [ChatUpdate];

export const chatCreated = creationKind({
  type: 'chat.created',
  description: 'A chat that is new to the user: it was opened, or they were added to it.',
  stored: Type.Object({ participant_ids: Type.Array(Id()) }),
  data: Ref(ChatWithParticipants),
});

export const chatUpdated = eventKind({
  type: 'chat.updated',
  description: 'A group has another name.',
  stored: Type.Object({ name, updated_at }),
  data: Ref(ChatUpdate),
  conflictsWithSends: false,
  present: (_people, changes) => Promise.resolve(changes.map(({ data, actorId }) => ({ ...data, actor_id: actorId }))),
});

export const chatSettings = ownKind({
  type: 'chat.settings',
  description: 'The user has muted, pinned or archived a chat, or taken that back.',
  data: Ref(ChatSettings),
  changed: () => 'select settings_me_pts as me_pts, chat_id as key from mine',
  state: (userId, key) => participationJson(settingsProjection, userId, key),
});
