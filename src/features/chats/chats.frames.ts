import type { Database } from '../../database/index.js';
import { frameHandler, type FrameHandler, type Publisher } from '../../realtime/index.js';
import { Id, Ref } from '../../shared/schema.js';
import { readChat } from './changes.service.js';
import { ReadMark, ReadUpTo } from './chats.schemas.js';

/** What a client may ask of chats over a socket. */
export function chatFrames(db: Database, live: Publisher): FrameHandler[] {
  return [
    frameHandler({
      type: 'read',
      description: 'Marks messages as read.',
      fields: { chat_id: Id('The chat.'), ...ReadUpTo.properties },
      answer: Ref(ReadMark),
      handle: (userId, { chat_id, message_id }) => readChat(db, live, userId, chat_id, message_id),
    }),
  ];
}
