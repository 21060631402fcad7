import { Type } from '@sinclair/typebox';
import type { Database } from '../../database/index.js';
import { frameHandler, type FrameHandler, type Publisher } from '../../realtime/index.js';
import { Id, Ref } from '../../shared/schema.js';
import { SendMessage, SentMessage } from './messages.schemas.js';
import { sendMessage } from './messages.service.js';

/** What a client may ask of messages over a socket. */
export function messageFrames(db: Database, live: Publisher): FrameHandler[] {
  const { contents, client_id } = SendMessage.properties;
  return [
    frameHandler({
      type: 'send',
      description: 'Sends a message.',
      fields: { chat_id: Id('The chat.'), contents, client_id: Type.Required(client_id) },
      answer: Ref(SentMessage),
      handle: (userId, { chat_id, ...message }) => sendMessage(db, live, userId, chat_id, message),
    }),
  ];
}
