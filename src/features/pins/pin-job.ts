import type { Context } from '../../changes/index.js';
import { dueWork } from '../../shared/due-work.js';
import type { Repetition } from '../../shared/repetition.js';
import { claimPins } from './pins.queries.js';
import { endPin } from './pins.service.js';

/** So long nobody else takes those that a process has taken. */
const LEASE_MS = 10_000;
const CLAIMED = 50;

const FAILURE = 'could not end a pin; trying on';

/** Ends pins whose time has come. */
export function pinJob(context: Context): Repetition {
  return dueWork({
    claim: (limit) => claimPins(context.db, limit, LEASE_MS),
    limit: CLAIMED,
    work: async (due, isStopped) => {
      for (const pin of due) {
        if (isStopped()) return;
        // One that fails must not keep the others waiting.
        await endPin(context, pin).catch((error: unknown) => {
          context.log.warn({ err: error, chat_id: pin.chatId }, FAILURE);
        });
      }
    },
    log: context.log,
    failure: FAILURE,
  });
}
