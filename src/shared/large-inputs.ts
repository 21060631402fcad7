import { setImmediate as nextTurn } from 'node:timers/promises';
import { FairQueue } from './fair-queue.js';
import type { Owner } from './round-robin.js';

/** To parse and check more than this takes milliseconds, in which nobody else is served. */
const LARGE_BYTES = 16 * 1024;

const queue = new FairQueue({
  name: 'large inputs',
  concurrency: 1,
  perOwner: 1,
  waitingPerOwner: 500,
  waiting: 20_000,
});

/**
 * Runs what takes an input apart: at once when the input is small. Large ones come one after the other, their owners in
 * turn, and between two of them everybody else is served.
 * @throws as FairQueue.run
 */
export async function takeApart(owner: Owner, length: number, work: () => void): Promise<void> {
  if (length <= LARGE_BYTES) {
    work();
    return;
  }
  await queue.run(owner, async () => {
    work();
    await nextTurn();
  });
}
