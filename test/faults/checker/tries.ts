import type { Try } from './history.js';

/** Those of which one may have been the last: none that was acknowledged was begun after it had been answered. */
export function possiblyLast<T extends Try>(tries: readonly T[]): T[] {
  return tries.filter(({ answeredAt = Infinity }) => {
    return !tries.some((other) => other.isAcknowledged && other.begunAt > answeredAt);
  });
}
