import { frameHandler, type FrameHandler } from '../../realtime/index.js';
import { Id, Ref } from '../../shared/schema.js';
import type { Services } from '../feature.js';
import { DeliveredMark, DeliveredUpTo } from './receipts.schemas.js';
import { markDelivered } from './receipts.service.js';

/** What a client may say over a socket of what it has received. */
export function receiptFrames(services: Omit<Services, 'frames'>): FrameHandler[] {
  return [
    frameHandler({
      type: 'delivered',
      description: 'Says up to which message the device has all.',
      fields: { chat_id: Id('The chat.'), ...DeliveredUpTo.properties },
      answer: Ref(DeliveredMark),
      narrowed: { rights: 'read', chats: 'named' },
      handle: ({ userId }, { chat_id, message_id }) => markDelivered(services, userId, chat_id, message_id),
    }),
  ];
}
