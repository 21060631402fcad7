import type { Context } from '../../changes/index.js';
import { dueWork } from '../../shared/due-work.js';
import type { Repetition } from '../../shared/repetition.js';
import { endRestriction } from './restrictions.service.js';
import { claimEnded, type EndedRestriction } from './sanctions.queries.js';

/** So long nobody else takes those that a process has taken. */
const LEASE_MS = 10_000;
const CLAIMED = 50;

const FAILURE = 'could not end a restriction whose time has come; trying on';

/** Gives people their role back whose restriction has ended. */
export function restrictionJob(context: Context): Repetition {
  const work = async (due: EndedRestriction[], isStopped: () => boolean) => {
    for (const restriction of due) {
      if (isStopped()) return;
      // One that fails must not keep the others waiting.
      await endRestriction(context, restriction).catch((error: unknown) => {
        context.log.warn({ err: error, chat_id: restriction.chatId }, FAILURE);
      });
    }
  };
  const claim = (limit: number) => claimEnded(context.db, limit, LEASE_MS);
  return dueWork({ claim, limit: CLAIMED, work, log: context.log, failure: FAILURE });
}
