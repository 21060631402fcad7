import type { Logger } from './logger.js';
import { Repetition } from './repetition.js';

/** How often a process looks for what is due. */
const SWEEP_MS = 1000;

interface DueWork<Due> {
  /** Takes some of what is due, at most so many, so that no other process does for a while. */
  readonly claim: (limit: number) => Promise<Due[]>;
  /** How many a process takes at a time, so that the others have some as well. */
  readonly limit: number;
  /** What is left when the process stops is due again later. */
  readonly work: (due: Due[], isStopped: () => boolean) => Promise<void>;
  readonly log: Logger;
  /** The line of the log when it fails. */
  readonly failure: string;
}

/** Does what is due, slice by slice, as long as there is any. The processes share it. */
export function dueWork<Due>({ claim, limit, work, log, failure }: DueWork<Due>): Repetition {
  const job = new Repetition(
    async () => {
      for (let claimed = limit; claimed === limit && !job.isStopped;) {
        const due = await claim(limit);
        claimed = due.length;
        if (claimed > 0) await work(due, () => job.isStopped);
      }
    },
    { pauseMs: SWEEP_MS, log, failure },
  );
  return job;
}
