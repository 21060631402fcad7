import type { Context } from '../../changes/index.js';
import { dueWork } from '../../shared/due-work.js';
import type { Repetition } from '../../shared/repetition.js';
import { claimReminders, type ClaimedReminder } from './reminders.queries.js';
import { remind } from './reminders.service.js';

/** So long nobody else takes those that a process has taken. */
const LEASE_MS = 30_000;
const CLAIMED = 50;
/** How many of them at once. */
const AT_ONCE = 4;

const FAILURE = 'could not remind a user; trying on';

/** Reminds users when it is time. */
export function reminderJob(context: Context): Repetition {
  const work = async (due: ClaimedReminder[], isStopped: () => boolean) => {
    const next = async () => {
      for (let one = due.pop(); one && !isStopped(); one = due.pop()) {
        const { userId } = one;
        // One that fails must not keep the others waiting.
        await remind(context, one).catch((error: unknown) => {
          context.log.warn({ err: error, user_id: userId }, FAILURE);
        });
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, next));
  };
  const claim = (limit: number) => claimReminders(context.db, limit, LEASE_MS);
  return dueWork({ claim, limit: CLAIMED, work, log: context.log, failure: FAILURE });
}
