import type { Context } from '../../changes/index.js';
import { dueWork } from '../../shared/due-work.js';
import type { Repetition } from '../../shared/repetition.js';
import { claimPolls } from './polls.queries.js';
import { closeDue } from './polls.service.js';

/** So long nobody else takes those that a process has taken. */
const LEASE_MS = 10_000;
const CLAIMED = 50;

const FAILURE = 'could not close a poll; trying on';

/** Closes polls whose time has come. */
export function pollJob(context: Context): Repetition {
  return dueWork({
    claim: (limit) => claimPolls(context.db, limit, LEASE_MS),
    limit: CLAIMED,
    work: async (due, isStopped) => {
      for (const poll of due) {
        if (isStopped()) return;
        // One that fails must not keep the others waiting.
        await closeDue(context, poll).catch((error: unknown) => {
          context.log.warn({ err: error, chat_id: poll.chatId }, FAILURE);
        });
      }
    },
    log: context.log,
    failure: FAILURE,
  });
}
