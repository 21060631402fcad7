import type { Context } from '../../changes/index.js';
import { Repetition } from '../../shared/repetition.js';
import { settle } from './settle.js';
import { claimChanges, type DueChange } from './thread-changes.queries.js';

/** How often a process looks for what is due. */
const SWEEP_MS = 1000;
/** So long nobody else does what a process has taken. */
const LEASE_MS = 30_000;
/** How many changes a process takes at a time, so that the others have some as well. */
const CLAIMED = 200;

const FAILURE = 'could not count the replies of a thread; trying on';

/** Carries out what a process that died, or a deletion by the server, has left to do about threads. */
export function threadJob(context: Context): Repetition {
  const job = new Repetition(
    async () => {
      for (let claimed = CLAIMED; claimed === CLAIMED && !job.isStopped;) {
        const due = await claimChanges(context.db, CLAIMED, LEASE_MS);
        claimed = due.length;
        await settleAll(context, due, () => job.isStopped);
      }
    },
    { pauseMs: SWEEP_MS, log: context.log, failure: FAILURE },
  );
  return job;
}

/** What is left when the process stops is due again after its lease. */
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
