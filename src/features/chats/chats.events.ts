import { Type } from '@sinclair/typebox';
import type { ChatEvent, EventDescription } from '../../realtime/index.js';
import { Id, Ref, SmallInteger, Time } from '../../shared/schema.js';
import { ShortUser } from '../users/index.js';
import { ChatWithParticipants, ParticipantRead } from './chats.schemas.js';

/** For those to whom the chat is new. Nobody of them has read in it, and there is nothing that they ought to have read. */
export function chatCreated(chat: ChatWithParticipants): ChatEvent {
  const mark = { last_read_message_id: chat.last_message?.id ?? null, unread_count: 0 };
  return { type: 'chat.created', chatId: chat.id, pts: chat.pts, data: { ...chat, ...mark } };
}

export function chatUpdated(
  chatId: number,
  pts: number,
  data: { name: string; updated_at: string; actor_id: number },
): ChatEvent {
  return { type: 'chat.updated', chatId, pts, data };
}

export function participantsAdded(
  chatId: number,
  pts: number,
  data: { users: ShortUser[]; participant_count: number; actor_id: number },
): ChatEvent {
  const added = data.users.map(({ id }) => id);
  return { type: 'participant.added', chatId, pts, data, added };
}

export function participantRemoved(
  chatId: number,
  pts: number,
  data: { user_id: number; participant_count: number; actor_id: number },
): ChatEvent {
  return { type: 'participant.removed', chatId, pts, data, removed: [data.user_id] };
}

/** Not durable: a client that was away asks by sync. */
export function chatRead(chatId: number, userId: number, messageId: number): ChatEvent {
  return { type: 'chat.read', chatId, data: { user_id: userId, message_id: messageId } };
}

const actor_id = Id('Who did it.');
const participant_count = SmallInteger({ description: 'How many people take part now.' });

const ChatUpdate = Type.Object(
  { name: Type.String({ description: 'The name that the group has now.' }), updated_at: Time('When.'), actor_id },
  {
    $id: 'ChatUpdate',
    description: 'Another name of a group.',
    examples: [{ name: 'Difference engines', updated_at: '2026-11-23T09:14:00.000Z', actor_id: 5 }],
  },
);

const ParticipantsAddition = Type.Object(
  { users: Type.Array(Ref(ShortUser)), participant_count, actor_id },
  {
    $id: 'ParticipantsAddition',
    description: 'Who has been added to a group.',
    examples: [{ users: [{ id: 9, username: 'grace' }], participant_count: 3, actor_id: 5 }],
  },
);

const ParticipantRemoval = Type.Object(
  { user_id: Id('Who is gone.'), participant_count, actor_id },
  {
    $id: 'ParticipantRemoval',
    description: 'Who has left a group, or was removed from it.',
    examples: [{ user_id: 9, participant_count: 2, actor_id: 9 }],
  },
);

export const chatEventModels = [ChatUpdate, ParticipantsAddition, ParticipantRemoval];

export const chatEvents: EventDescription[] = [
  {
    type: 'chat.created',
    description: 'A chat that is new to the user: it was opened, or they were added to it.',
    data: Ref(ChatWithParticipants),
    durable: true,
  },
  {
    type: 'chat.updated',
    description: 'A group has another name.',
    data: Ref(ChatUpdate),
    durable: true,
    synced: true,
  },
  {
    type: 'participant.added',
    description: 'Users have been added.',
    data: Ref(ParticipantsAddition),
    durable: true,
    synced: true,
  },
  {
    type: 'participant.removed',
    description: 'A user has left, or was removed. Whoever it is hears no more of the chat.',
    data: Ref(ParticipantRemoval),
    durable: true,
    synced: true,
  },
  {
    type: 'chat.read',
    description: 'A user has read up to a message.',
    data: Ref(ParticipantRead),
    durable: false,
  },
];
