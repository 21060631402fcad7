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

/** What the handler needs. */
export interface TypingServices {
  readonly realtime: Pick<Services['realtime'], 'takesPart' | 'publish'>;
  readonly statements: { readonly participant: Pick<Services['statements']['participant'], 'mayType'> };
}

/** Tells the others that the user is typing. */
export function typingFrames({ realtime, statements }: TypingServices): FrameHandler[] {
  const told = new LRUCache<string, true>({ max: MAX_TYPISTS, ttl: TOLD_MS });

  return [
    frameHandler({
      type: 'typing',
      description: 'Tells the others that the user is typing.',
      fields: { chat_id: Id('The chat.') },
      answer: 'none',
      narrowed: { rights: 'write', chats: 'named' },
      handle: async ({ userId }, { chat_id: chatId }) => {
        if (!(await realtime.takesPart(userId, chatId))) throw chatDoesNotExist();
        const typist = `${chatId}:${userId}`;
        if (told.has(typist)) return;
        told.set(typist, true);
        // Nobody is told of it, the typist included. The database is asked, once in three seconds at the most, so that every node knows at once.
        if (!(await statements.participant.mayType(userId, chatId))) return;
        realtime.publish({ type: TYPING_EVENT, chatId, data: { user_id: userId }, exceptUserId: userId });
      },
    }),
  ];
}
