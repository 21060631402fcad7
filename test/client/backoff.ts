import type { Random } from '../faults/random.js';
import { CLOSE } from './protocol.js';

/** Shorter than those of docs/realtime.md, because a run has more interruptions in a minute than life has in a month. */
const FIRST_MS = 50;
const LONGEST_MS = 1000;

const TOO_MANY_MS = 10_000;

/** A random time, so that not everybody comes at the same time; longer from try to try. */
export function backoffMs(tries: number, random: Random): number {
  return random.between(0, Math.min(LONGEST_MS, FIRST_MS * 2 ** tries));
}

/** How long to wait after a connection was closed: the table of close codes. */
export function reconnectDelayMs(code: number, tries: number, random: Random): number {
  switch (code) {
    case CLOSE.goingAway:
    case CLOSE.tooSlow:
    case CLOSE.silent:
      // At once, unless it happens again and again.
      return tries === 0 ? 0 : backoffMs(tries, random);
    case CLOSE.tooMany:
      return TOO_MANY_MS;
    default:
      return backoffMs(tries, random);
  }
}

const BLAMING: readonly number[] = [
  CLOSE.tooLarge,
  CLOSE.malformed,
  CLOSE.notAuthorized,
  CLOSE.tokenExpired,
  CLOSE.tooMany,
];

/**
 * Whether a code says that the client is at fault, which these clients are not. A time-out of the authentication can be the
 * server's own, when it was stopped.
 */
export function blamesClient(code: number): boolean {
  return BLAMING.includes(code);
}
