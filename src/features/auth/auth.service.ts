import { isUniqueViolation, type Database } from '../../database/index.js';
import { userExists } from './auth.errors.js';
import { createUser, findAccount, findTaken, updatePassword } from './auth.queries.js';
import type { Credentials, Registration } from './auth.schemas.js';
import { hashPassword, isOutdated, verifyPassword } from './passwords.js';

/**
 * @returns the id of the new user.
 * @throws USER_EXISTS with the fields that are taken; SERVICE_UNAVAILABLE when too many passwords wait to be hashed.
 */
export async function register(db: Database, registration: Registration): Promise<number> {
  await refuseTaken(db, registration);
  const password = await hashPassword(registration.password);
  try {
    return await createUser(db, { ...registration, password });
  } catch (error) {
    if (isUniqueViolation(error)) await refuseTaken(db, registration);
    throw error;
  }
}

async function refuseTaken(db: Database, registration: Registration): Promise<void> {
  const taken = await findTaken(db, registration);
  if (!taken.username && !taken.email) return;
  throw userExists({
    errors: {
      ...(taken.username && { username: 'This username is taken.' }),
      ...(taken.email && { email: 'This email is taken.' }),
    },
  });
}

/** @returns the id of the user; undefined, after the same time, for an unknown name as for a wrong password. */
export async function findLogin(db: Database, credentials: Credentials): Promise<number | undefined> {
  const account = await findAccount(db, credentials.usernameOrEmail);
  const right = await verifyPassword(account?.password, credentials.password);
  if (!account || !right) return undefined;
  if (isOutdated(account.password)) {
    await updatePassword(db, account.id, await hashPassword(credentials.password));
  }
  return account.id;
}
