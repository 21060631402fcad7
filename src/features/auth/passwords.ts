import { availableParallelism } from 'node:os';
import argon2 from 'argon2';
import { FairQueue } from '../../shared/fair-queue.js';
import type { Owner } from '../../shared/round-robin.js';

/**
 * OWASP's minimum for argon2id: 19 MiB, two passes, one lane.
 * Source: https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html
 */
export const HASH_PARAMETERS = { type: argon2.argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** A hash keeps a core busy, and one of the four threads that Node has for files and names: each has one left. */
const CONCURRENCY = Math.max(1, Math.min(3, availableParallelism() - 1));

/** Networks take turns, so that many logins from one hold up nobody else. At some 25 ms a hash, the last of 100 waits 2.5 s. */
const queue = new FairQueue({
  name: 'passwords',
  concurrency: CONCURRENCY,
  perOwner: CONCURRENCY,
  waitingPerOwner: 100 * CONCURRENCY,
  waiting: 400 * CONCURRENCY,
});

/**
 * The forms in which a password may have been hashed. Keyboards write the same letter in one character or in two, and
 * since it was found out all passwords are hashed in the first form (NFC).
 */
function formsOf(password: string): Set<string> {
  return new Set([password.normalize('NFC'), password, password.normalize('NFD')]);
}

/**
 * @param network who asks, for their turn.
 * @throws TOO_MANY_REQUESTS when too many passwords of the network wait, SERVICE_UNAVAILABLE when too many of all do.
 */
export function hashPassword(password: string, network: Owner): Promise<string> {
  return queue.run(network, () => argon2.hash(password.normalize('NFC'), HASH_PARAMETERS));
}

/** A hash with today's parameters, of a password that nobody knows. */
const DECOY = '$argon2id$v=19$m=19456,t=2,p=1$DkQVMG4s9d2PlDFu2iprgw$Cne1DW1YyjQ4lsqLQybkeXPvrg1yoH4z0wWKJLpHAMk';

/**
 * Whether the password is the one of the hash. Without a hash (there is no such user) it takes the same time to say no,
 * so that time does not tell who has an account.
 * @throws as hashPassword.
 */
export async function verifyPassword(hash: string | undefined, password: string, network: Owner): Promise<boolean> {
  let isRight = false;
  for (const form of formsOf(password)) {
    isRight = (await queue.run(network, () => argon2.verify(hash ?? DECOY, form))) && hash !== undefined;
    if (isRight) break;
  }
  return isRight;
}

/** Whether the hash was made with other parameters than those of today. */
export function isOutdated(hash: string): boolean {
  return argon2.needsRehash(hash, HASH_PARAMETERS);
}
