import { setTimeout as sleep } from 'node:timers/promises';

/** The longest pause after a change. */
const MAX_PAUSE_MS = 50;

/** Others have as much time as the change has taken: their sends to the same chat wait for it. */
export async function withPause<T>(change: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const result = await change();
  await sleep(Math.min(performance.now() - start, MAX_PAUSE_MS));
  return result;
}
