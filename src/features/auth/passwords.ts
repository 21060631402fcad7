import { availableParallelism } from 'node:os';
import argon2 from 'argon2';
import pLimit from 'p-limit';
import { serviceUnavailable } from '../../shared/errors.js';

/**
 * OWASP's minimum for argon2id: 19 MiB, two passes, one lane.
 * Source: https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html
 */
export const HASH_PARAMETERS = { type: argon2.argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** A hash keeps a core busy, and one of the four threads that Node has for files and names: each has one left. */
const CONCURRENCY = Math.max(1, Math.min(3, availableParallelism() - 1));

/** At some 25 ms a hash, who comes later would wait for more than five seconds. */
const MAX_WAITING = 200 * CONCURRENCY;

const queue = pLimit(CONCURRENCY);

/** @throws SERVICE_UNAVAILABLE when too many are waiting: better than to let everyone wait for ever. */
async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (queue.pendingCount >= MAX_WAITING) throw serviceUnavailable({ retryAfterSeconds: 5 });
  return queue(work);
}

export function hashPassword(password: string): Promise<string> {
  return inTurn(() => argon2.hash(password, HASH_PARAMETERS));
}

/** A hash with today's parameters, of a password that nobody knows. */
const DECOY = '$argon2id$v=19$m=19456,t=2,p=1$DkQVMG4s9d2PlDFu2iprgw$Cne1DW1YyjQ4lsqLQybkeXPvrg1yoH4z0wWKJLpHAMk';

/**
 * Whether the password is the one of the hash. Without a hash (there is no such user) it takes the same time to say no,
 * so that time does not tell who has an account.
 */
export async function verifyPassword(hash: string | undefined, password: string): Promise<boolean> {
  const same = await inTurn(() => argon2.verify(hash ?? DECOY, password));
  return same && hash !== undefined;
}

/** Whether the hash was made with other parameters than those of today. */
export function isOutdated(hash: string): boolean {
  return argon2.needsRehash(hash, HASH_PARAMETERS);
}
