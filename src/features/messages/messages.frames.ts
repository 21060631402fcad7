import { frameHandler, type FrameHandler } from '../../realtime/index.js';
import { Id, Ref } from '../../shared/schema.js';
import type { Services } from '../feature.js';
import { ClientId } from './message.fields.js';
import { SentMessage, sendMessageModel } from './messages.schemas.js';
import { sendMessage } from './messages.service.js';

/** What a client may ask of messages over a socket. */
export function messageFrames(services: Omit<Services, 'frames'>): FrameHandler[] {
  const { contents, ...inputs } = sendMessageModel(services.registry, services.config.messages).properties;
  return [
    frameHandler({
      type: 'send',
      description: 'Sends a message, once however often the frame is repeated.',
      fields: { chat_id: Id('The chat.'), contents, ...inputs, client_id: ClientId },
      answer: Ref(SentMessage),
      narrowed: { rights: 'write', chats: 'named' },
      handle: async ({ userId }, { chat_id, ...message }) => {
        await services.limits.sends.consume(userId);
        return sendMessage(services, userId, chat_id, message);
      },
    }),
  ];
}
