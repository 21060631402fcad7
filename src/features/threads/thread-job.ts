import type { Context } from '../../changes/index.js';
import { dueWork } from '../../shared/due-work.js';
import type { Repetition } from '../../shared/repetition.js';
import { settle } from './settle.js';
import { claimChanges, type DueChange } from './thread-changes.queries.js';

/** So long nobody else does what a process has taken. */
const LEASE_MS = 30_000;
const CLAIMED = 200;

const FAILURE = 'could not count the replies of a thread; trying on';

/** Carries out what a process that died, or a deletion by the server, has left to do about threads. */
export function threadJob(context: Context): Repetition {
  return dueWork({
    claim: (limit) => claimChanges(context.db, limit, LEASE_MS),
    limit: CLAIMED,
    work: (due, isStopped) => settleAll(context, due, isStopped),
    log: context.log,
    failure: FAILURE,
  });
}

async function settleAll(context: Context, due: readonly DueChange[], isStopped: () => boolean): Promise<void> {
  const chats = new Map<number, DueChange[]>();
  for (const change of due) chats.set(change.chatId, [...(chats.get(change.chatId) ?? []), change]);
  for (const [chatId, threads] of chats) {
    if (isStopped()) return;
    // One that fails must not keep the others waiting.
    await settle(context, chatId, threads).catch((error: unknown) => {
      context.log.warn({ err: error, chat_id: chatId }, FAILURE);
    });
  }
}
