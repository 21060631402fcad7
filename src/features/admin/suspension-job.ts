import { dueWork } from '../../shared/due-work.js';
import type { Repetition } from '../../shared/repetition.js';
import type { Services } from '../feature.js';
import { claimSuspended } from './admin.queries.js';
import { endSuspension } from './suspension.service.js';

/** So long nobody else takes those that a process has taken. */
const LEASE_MS = 10_000;
const CLAIMED = 50;

const FAILURE = 'could not end a suspension whose time has come; trying on';

/** Lets people log in again whose suspension has ended. */
export function suspensionJob(services: Pick<Services, 'db' | 'revocations' | 'log'>): Repetition {
  const { db, log } = services;
  const work = async (due: number[], isStopped: () => boolean) => {
    for (const userId of due) {
      if (isStopped()) return;
      // One that fails must not keep the others waiting.
      await endSuspension(services, userId).catch((error: unknown) => {
        log.warn({ err: error, user_id: userId }, FAILURE);
      });
    }
  };
  const claim = (limit: number) => claimSuspended(db, limit, LEASE_MS);
  return dueWork({ claim, limit: CLAIMED, work, log, failure: FAILURE });
}
