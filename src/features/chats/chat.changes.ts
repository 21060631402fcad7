import { Type } from '@sinclair/typebox';
import { creationKind, eventKind, ownKind } from '../../changes/index.js';
import { CustomData } from '../../shared/custom-data.js';
import { Id, Nullable, Ref, Time } from '../../shared/schema.js';
import { groupFieldSchemas, participationJson, settingsProjection } from './chat.fields.js';
import { ChatSettings, ChatWithParticipants } from './chats.schemas.js';

/** A log of earlier versions has the first two alone. */
const stored = {
  name: Nullable(Type.String({ description: 'The name that a group has now; null in a private chat.' })),
  updated_at: Time('When.'),
  avatar_url: Type.Optional(Nullable(Type.String({ description: 'Where its picture is; not there: as before.' }))),
  custom: Type.Optional(CustomData('Names of `custom` that have changed; null: the name is gone.')),
  trusted: Type.Optional(CustomData('Names of `trusted` that have changed; null: the name is gone.')),
  ...Type.Partial(Type.Object(groupFieldSchemas)).properties,
};

const ChatUpdate = Type.Object(
  { ...stored, actor_id: Id('Who did it.') },
  {
    $id: 'ChatUpdate',
    description: 'What has changed about a chat.',
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
  description: 'A chat has another name, another picture, other data or other rules.',
  stored: Type.Object(stored),
  data: Ref(ChatUpdate),
  conflictsWithSends: true,
  forbidsSends: ({ member_rights, frozen_at, slow_mode_seconds }) =>
    member_rights !== undefined || frozen_at !== undefined || slow_mode_seconds !== undefined,
  present: (_people, changes) => Promise.resolve(changes.map(({ data, actorId }) => ({ ...data, actor_id: actorId }))),
});

export const chatSettings = ownKind({
  type: 'chat.settings',
  description:
    'The user has muted, pinned or archived a chat, chosen its notifications, or taken that back, or has another role in it. Where the role is `member`, ' +
    '`own_rights` are the `member_rights` of the chat from then on.',
  data: Ref(ChatSettings),
  changed: () => 'select settings_me_pts as me_pts, chat_id as key from mine',
  state: (userId, key) => participationJson(settingsProjection, userId, key),
});
