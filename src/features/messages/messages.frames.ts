import type { Database } from '../../database/index.js';
import { frameHandler, type FrameHandler, type Publisher } from '../../realtime/index.js';
import type { RateLimit } from '../../shared/rate-limit.js';
import { Id, Ref } from '../../shared/schema.js';
import { ClientId, SendMessage, SentMessage } from './messages.schemas.js';
import { sendMessage } from './messages.service.js';

/** What a client may ask of messages over a socket. */
export function messageFrames(db: Database, live: Publisher, { sends }: { sends: RateLimit }): FrameHandler[] {
  const { contents } = SendMessage.properties;
  return [
    frameHandler({
      type: 'send',
      description: 'Sends a message, once however often the frame is repeated.',
      fields: { chat_id: Id('The chat.'), contents, client_id: ClientId },
      answer: Ref(SentMessage),
      handle: async (userId, { chat_id, ...message }) => {
        await sends.consume(userId);
        return sendMessage(db, live, userId, chat_id, message);
      },
    }),
  ];
}
