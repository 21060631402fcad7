import { frameHandler, type FrameHandler } from '../../realtime/index.js';
import { Id, Ref } from '../../shared/schema.js';
import type { Services } from '../feature.js';
import { ReadMark, ReadUpTo } from './reads.schemas.js';
import { readChat } from './reads.service.js';

/** What a client may ask of read marks over a socket. */
export function readFrames(services: Omit<Services, 'frames'>): FrameHandler[] {
  return [
    frameHandler({
      type: 'read',
      description: 'Marks messages as read.',
      fields: { chat_id: Id('The chat.'), ...ReadUpTo.properties },
      answer: Ref(ReadMark),
      narrowed: { rights: 'read', chats: 'named' },
      handle: ({ userId }, { chat_id, message_id }) => readChat(services, userId, chat_id, message_id),
    }),
  ];
}
