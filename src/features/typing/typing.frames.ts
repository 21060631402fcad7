import { LRUCache } from 'lru-cache';
import { chatDoesNotExist } from '../../changes/index.js';
import { frameHandler, type FrameHandler } from '../../realtime/index.js';
import { Id } from '../../shared/schema.js';
import type { Services } from '../feature.js';

export const TYPING_EVENT = 'typing';

/** The others get no more than one event of a user's typing in this time. */
const TOLD_MS = 3000;
/** How many typists are remembered, so that they cost no more than this. */
const MAX_TYPISTS = 10_000;

/** Tells the others that the user is typing. */
export function typingFrames({ realtime }: Pick<Services, 'realtime'>): FrameHandler[] {
  const told = new LRUCache<string, true>({ max: MAX_TYPISTS, ttl: TOLD_MS });
  return [
    frameHandler({
      type: 'typing',
      description: 'Tells the others that the user is typing.',
      fields: { chat_id: Id('The chat.') },
      answer: 'none',
      handle: async ({ userId }, { chat_id: chatId }) => {
        if (!(await realtime.takesPart(userId, chatId))) throw chatDoesNotExist();
        const typist = `${chatId}:${userId}`;
        if (told.has(typist)) return;
        told.set(typist, true);
        realtime.publish({ type: TYPING_EVENT, chatId, data: { user_id: userId }, exceptUserId: userId });
      },
    }),
  ];
}
