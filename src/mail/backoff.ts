const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** How long a mail waits after its first, second, … try; after every later one as long as after the last of these. */
const DELAYS_MS = [30 * SECOND_MS, 2 * MINUTE_MS, 10 * MINUTE_MS, HOUR_MS, 6 * HOUR_MS];

/** How long a mail waits after so many tries that failed, in ms. */
export type Backoff = (tries: number) => number;

export const defaultBackoff: Backoff = (tries) => DELAYS_MS[Math.min(tries, DELAYS_MS.length) - 1] ?? 0;

/** How long it is tried to send a mail. */
export const MAX_USEFUL_MS = 72 * HOUR_MS;
