import { Type } from '@sinclair/typebox';
import type { ChatEvent, EventDescription } from '../../realtime/index.js';
import { Id, Ref } from '../../shared/schema.js';
import { Message, type SentMessage } from './messages.schemas.js';

function toMessage(sent: SentMessage): Message {
  const { id, created_at, updated_at, contents, author_id, client_id, edited_at } = sent;
  return {
    ...{ id, created_at, updated_at, contents, author_id },
    ...(client_id !== undefined && { client_id }),
    ...(edited_at !== undefined && { edited_at }),
  };
}

export function messageCreated(chatId: number, message: SentMessage): ChatEvent {
  return { type: 'message.created', chatId, pts: message.pts, data: toMessage(message) };
}

export function messageUpdated(chatId: number, message: SentMessage): ChatEvent {
  return { type: 'message.updated', chatId, pts: message.pts, data: toMessage(message) };
}

export function messageDeletedEvent(chatId: number, pts: number, id: number): ChatEvent {
  return { type: 'message.deleted', chatId, pts, data: { id } };
}

const MessageDeletion = Type.Object(
  { id: Id('The message.') },
  { $id: 'MessageDeletion', description: 'Which message is gone.', examples: [{ id: 4 }] },
);

export const messageEventModels = [MessageDeletion];

export const messageEvents: EventDescription[] = [
  { type: 'message.created', description: 'A message has been sent.', data: Ref(Message), durable: true },
  { type: 'message.updated', description: 'A message has been edited.', data: Ref(Message), durable: true },
  {
    type: 'message.deleted',
    description: 'A message is gone.',
    data: Ref(MessageDeletion),
    durable: true,
    synced: true,
  },
  {
    type: 'message.state',
    description: 'A message as it is now, however often it has changed meanwhile.',
    data: Ref(Message),
    durable: true,
    onlyOnStream: true,
    synced: true,
  },
];
