import { dueWork } from '../../shared/due-work.js';
import type { Repetition } from '../../shared/repetition.js';
import type { Services } from '../feature.js';
import { deliver } from './deliver.js';
import { claimScheduled } from './scheduled.queries.js';

/** So long nobody else sends those that a process has taken. What a dead process has taken is sent so much later. */
export const LEASE_MS = 4000;
const CLAIMED = 200;

/** Sends scheduled messages when it is time. */
export function scheduledJob(services: Services): Repetition {
  return dueWork({
    claim: (limit) => claimScheduled(services.db, limit, LEASE_MS),
    limit: CLAIMED,
    work: (due) => deliver(services, due),
    log: services.log,
    failure: 'could not send scheduled messages; trying on',
  });
}
