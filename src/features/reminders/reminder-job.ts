import type { Context } from '../../changes/index.js';
import { Repetition } from '../../shared/repetition.js';
import { claimReminders } from './reminders.queries.js';
import { remind } from './reminders.service.js';

/** How often a process looks for what is due. */
const SWEEP_MS = 1000;
/** So long nobody else takes those that a process has taken. */
const LEASE_MS = 30_000;
/** How many a process takes at a time, so that the others have some as well. */
const CLAIMED = 50;
/** How many of them at once. */
const AT_ONCE = 4;

const FAILURE = 'could not remind a user; trying on';

/** Reminds users when it is time. The processes share what is due. */
export function reminderJob(context: Context): Repetition {
  const job = new Repetition(
    async () => {
      for (let claimed = CLAIMED; claimed === CLAIMED && !job.isStopped;) {
        const due = await claimReminders(context.db, CLAIMED, LEASE_MS);
        claimed = due.length;
        const next = async () => {
          // What is left when the process stops is due again after its lease.
          for (let one = due.pop(); one && !job.isStopped; one = due.pop()) {
            const { userId } = one;
            // One that fails must not keep the others waiting.
            await remind(context, one).catch((error: unknown) => {
              context.log.warn({ err: error, user_id: userId }, FAILURE);
            });
          }
        };
        await Promise.all(Array.from({ length: AT_ONCE }, next));
      }
    },
    { pauseMs: SWEEP_MS, log: context.log, failure: FAILURE },
  );
  return job;
}
