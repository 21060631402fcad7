import { isUniqueViolation, type Database } from '../../database/index.js';
import type { Mailer } from '../../mail/index.js';
import { validationError } from '../../shared/errors.js';
import { queueConfirmation } from '../email/index.js';
import { userExists } from './auth.errors.js';
import { createUser, findAccount, findTaken, updatePassword } from './auth.queries.js';
import type { Credentials, Registration } from './auth.schemas.js';
import { isGuessable } from './common-passwords.js';
import type { LoginGuard } from './login-guard.js';
import { hashPassword, isOutdated, verifyPassword } from './passwords.js';

/**
 * Where there is mail, the new user gets one with a code that confirms the address.
 * @param network who asks, for their turns.
 * @returns the id of the new user.
 * @throws USER_EXISTS with the fields that are taken; VALIDATION_ERROR for a password that guessers try first;
 *   TOO_MANY_REQUESTS or SERVICE_UNAVAILABLE when too many passwords wait to be hashed.
 */
export async function register(
  { db, mailer }: { readonly db: Database; readonly mailer: Mailer | undefined },
  registration: Registration,
  network: string,
): Promise<number> {
  if (isGuessable(registration.password, registration)) {
    throw validationError({ errors: { password: 'must not be a common password, nor your own name' } });
  }
  await refuseTaken(db, registration, network);
  const password = await hashPassword(registration.password, network);
  try {
    const account = { ...registration, password };
    if (!mailer) return await db.inTurn(network, () => createUser(db, account));
    return await db.inTransaction(network, async (tx) => {
      const id = await createUser(tx, account);
      await queueConfirmation(tx, mailer, { id, email: account.email.toLowerCase() });
      return id;
    });
  } catch (error) {
    if (isUniqueViolation(error)) await refuseTaken(db, registration, network);
    throw error;
  }
}

async function refuseTaken(db: Database, registration: Registration, network: string): Promise<void> {
  const taken = await db.inTurn(network, () => findTaken(db, registration));
  if (!taken.username && !taken.email) return;
  throw userExists({
    errors: {
      ...(taken.username && { username: 'This username is taken.' }),
      ...(taken.email && { email: 'This email is taken.' }),
    },
  });
}

interface Login {
  /** undefined: there is no such account. */
  readonly accountId: number | undefined;
  readonly isRight: boolean;
}

/**
 * @param network who asks, for their turns and for the limits of the guard.
 * @returns whether the credentials are right, after the same time for an unknown name as for a wrong password.
 * @throws TOO_MANY_REQUESTS, SERVICE_UNAVAILABLE.
 */
export async function logIn(
  db: Database,
  guard: LoginGuard,
  credentials: Credentials,
  network: string,
): Promise<Login> {
  const account = await db.inTurn(network, () => findAccount(db, credentials.usernameOrEmail));
  // An account has a name and an email. Tries by either count together.
  const name = account ? String(account.id) : `unknown ${credentials.usernameOrEmail.toLowerCase()}`;
  const accountId = await guard.try(network, name, async () => {
    const isRight = await verifyPassword(account?.password, credentials.password, network);
    return account && isRight ? account.id : undefined;
  });
  if (account?.password !== undefined && accountId !== undefined && isOutdated(account.password)) {
    const password = await hashPassword(credentials.password, network);
    await db.inTurn(network, () => updatePassword(db, account.id, password));
  }
  return { accountId: account?.id, isRight: accountId !== undefined };
}
