import { commitChange, type Context } from '../../changes/index.js';
import { dueWork } from '../../shared/due-work.js';
import type { Repetition } from '../../shared/repetition.js';
import { messageDeleted, removeMessage } from '../messages/index.js';
import { claimExpired, type ExpiredMessage } from './disappearing.queries.js';

/** So long nobody else takes those that a process has taken. */
const LEASE_MS = 10_000;
const CLAIMED = 100;
/** How many chats at once. */
const AT_ONCE = 4;

const FAILURE = 'could not delete a message whose time has come; trying on';

/** Deletes messages whose time has come. */
export function disappearingJob(context: Context): Repetition {
  const work = async (due: ExpiredMessage[], isStopped: () => boolean) => {
    const chats = [...new Set(due.map(({ chat_id }) => chat_id))];
    const next = async () => {
      for (let chat = chats.pop(); chat !== undefined; chat = chats.pop()) {
        for (const message of due.filter(({ chat_id }) => chat_id === chat)) {
          if (isStopped()) return;
          // One that fails must not keep the others waiting.
          await removeExpired(context, message).catch((error: unknown) => {
            context.log.warn({ err: error, chat_id: message.chat_id }, FAILURE);
          });
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, next));
  };
  const claim = (limit: number) => claimExpired(context.db, limit, LEASE_MS);
  return dueWork({ claim, limit: CLAIMED, work, log: context.log, failure: FAILURE });
}

/** As if its author did it, who may be gone. One that is deleted already is no change. */
export function removeExpired(context: Context, message: ExpiredMessage): Promise<void> {
  return commitChange(
    context,
    messageDeleted,
    { chatId: message.chat_id, actorId: message.author_id, byServer: true },
    { write: (tx) => removeMessage(tx, message), answer: () => Promise.resolve() },
  );
}
