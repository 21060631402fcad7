import { audit, type Actor } from '../../audit/index.js';
import { isUniqueViolation, type Database, type Transaction } from '../../database/index.js';
import type { Mailer } from '../../mail/index.js';
import { notAuthorized, validationError } from '../../shared/errors.js';
import type { LoginGuard } from '../../shared/login-guard.js';
import { dropCodes, queueConfirmation } from '../email/index.js';
import { secondFactorRequired, type CodeGuard } from '../../second-factor/index.js';
import type { Services } from '../feature.js';
import { createSession, endOthers, type StoredSession } from '../sessions/index.js';
import { namesTaken, wrongCredentials } from './auth.errors.js';
import {
  createUser,
  findAccount,
  findAccountById,
  findTaken,
  lockAccount,
  renewPassword,
  updatePassword,
} from './auth.queries.js';
import type { ChangePassword, Credentials, Registration } from './auth.schemas.js';
import { isGuessable } from './common-passwords.js';
import { passwordChangedLetter } from './password-changed.letter.js';
import { hashPassword, isOutdated, verifyPassword } from './passwords.js';

/**
 * Where there is mail, the new user gets one with a code that confirms the address.
 * @param network who asks, for their turns.
 * @returns the id of the new user, and their session if they have asked for one.
 * @throws USER_EXISTS with the fields that are taken; VALIDATION_ERROR for a password that guessers try first;
 *   TOO_MANY_REQUESTS or SERVICE_UNAVAILABLE when too many passwords wait to be hashed.
 */
export async function register(
  { db, mailer }: { readonly db: Database; readonly mailer: Mailer | undefined },
  registration: Registration,
  network: string,
  client: Client,
): Promise<{ userId: number; session: StoredSession | undefined }> {
  return openAccount(db, registration, network, async (tx, userId) => {
    if (mailer) await queueConfirmation(tx, mailer, { id: userId, email: registration.email.toLowerCase() });
    return { userId, session: await beginSession(tx, userId, client) };
  });
}

/**
 * @param also what belongs to it, in its transaction.
 * @throws as register.
 */
export async function openAccount<T>(
  db: Database,
  registration: Registration,
  network: string,
  also: (tx: Transaction, userId: number) => Promise<T>,
): Promise<T> {
  refuseGuessable('password', registration.password, registration);
  await refuseTaken(db, registration, network);
  const password = await hashPassword(registration.password, network);
  try {
    return await db.inTransaction(network, async (tx) => also(tx, await createUser(tx, { ...registration, password })));
  } catch (error) {
    if (isUniqueViolation(error)) await refuseTaken(db, registration, network);
    throw error;
  }
}

async function refuseTaken(db: Database, registration: Registration, network: string): Promise<void> {
  const taken = await db.inTurn(network, () => findTaken(db, registration));
  if (!taken.username && !taken.email) return;
  throw namesTaken(taken);
}

/** What a client says of itself. */
interface Client {
  readonly session?: boolean | undefined;
  /** Whether the refresh token is to be in a cookie. */
  readonly cookie?: boolean | undefined;
  readonly device?: string | undefined;
  readonly address: string;
}

/** @returns undefined when the client has not asked for a session. */
async function beginSession(
  db: Transaction,
  userId: number,
  { session = false, cookie = false, device, address }: Client,
): Promise<StoredSession | undefined> {
  return session || cookie || device !== undefined ? createSession(db, userId, { device, address }) : undefined;
}

interface Login {
  /** undefined: there is no such account. */
  readonly accountId: number | undefined;
  /** Of the password; undefined: it is wrong. */
  readonly hash: string | undefined;
}

/**
 * @param network who asks, for their turns and for the limits of the guard.
 * @returns what the credentials are those of, after the same time for an unknown name as for a wrong password.
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
  const hash = await guard.try(network, name, async () => {
    const isRight = await verifyPassword(account?.password, credentials.password, network);
    return account && isRight ? account.password : undefined;
  });
  if (!account || hash === undefined || !isOutdated(hash)) return { accountId: account?.id, hash };
  const renewed = await hashPassword(credentials.password, network);
  const isRenewed = await db.inTurn(network, () => renewPassword(db, account.id, { from: hash, to: renewed }));
  return { accountId: account.id, hash: isRenewed ? renewed : hash };
}

/** A login whose password was right when it was looked at. */
interface RightPassword {
  readonly userId: number;
  /** Of the password. */
  readonly hash: string;
  readonly network: string;
  /** Of the second factor; undefined: the client has sent none. */
  readonly code: string | undefined;
  readonly reqId: string;
}

/**
 * The end of a login: checks the code where the user has a second factor, and begins the session in the same transaction.
 * @param makeTokens called before the commit: a change of password that comes after the login ends the tokens, too.
 * @throws WRONG_CREDENTIALS when the password has been changed, or the user suspended, meanwhile; SECOND_FACTOR_REQUIRED, WRONG_CODE,
 *   TOO_MANY_REQUESTS.
 */
export async function completeLogin<Tokens>(
  { db, security, secondFactors }: Pick<Services, 'db' | 'security' | 'secondFactors'>,
  guard: CodeGuard,
  { userId, hash, network, code, reqId }: RightPassword,
  client: Client,
  makeTokens: (session: StoredSession | undefined) => Tokens,
): Promise<Tokens> {
  const { address } = client;
  const details = { reqId, address, account_id: userId };
  const begin = async (tx: Transaction) => makeTokens(await beginSession(tx, userId, client));
  const isAsked = async (tx: Transaction) => {
    const account = await lockAccount(tx, userId);
    if (account?.password !== hash) throw wrongCredentials();
    return account.needsCode;
  };
  const tokens = await db.inTransaction(network, async (tx) => ((await isAsked(tx)) ? undefined : begin(tx)));
  if (tokens !== undefined) return tokens;
  if (code === undefined) {
    security.record('second_factor_asked', details);
    throw secondFactorRequired();
  }
  const begun = await guard.try({ userId, network, code }, async () => {
    const accepted = await db.inTransaction(network, async (tx) => {
      const proof = await secondFactors.accept(tx, userId, code, { type: 'user', id: userId, address });
      if (!proof) return undefined;
      await isAsked(tx);
      return { proof, tokens: await begin(tx) };
    });
    if (!accepted) security.record('login_failed', { ...details, reason: 'wrong code' });
    return accepted;
  });
  if (begun.proof === 'recovery code') security.record('recovery_code_used', details);
  return begun.tokens;
}

/** Who asks for something that needs their password. */
interface Owner {
  readonly userId: number;
  readonly network: string;
}

/**
 * @returns the user's account.
 * @throws NOT_AUTHORIZED when the user is gone; WRONG_CREDENTIALS, also for a user without a password; TOO_MANY_REQUESTS.
 */
export async function requirePassword(
  { db, loginGuard }: Pick<Services, 'db' | 'loginGuard'>,
  { userId, network }: Owner,
  password: string,
): Promise<NonNullable<Awaited<ReturnType<typeof findAccountById>>>> {
  const account = await db.inTurn(userId, () => findAccountById(db, userId));
  if (!account) throw notAuthorized();
  const isRight = await loginGuard.try(network, String(userId), async () => {
    return (await verifyPassword(account.password, password, network)) || undefined;
  });
  if (!isRight) throw wrongCredentials();
  return account;
}

/**
 * Gives the user another password, and ends what they are logged in with elsewhere.
 * @param sessionId which goes on; undefined: the token of the request belongs to none.
 * @throws as requirePassword; VALIDATION_ERROR for one that guessers try first.
 */
export async function changePassword(
  services: Pick<Services, 'db' | 'loginGuard' | 'revocations' | 'mailer'>,
  { userId, sessionId, network }: Owner & { readonly sessionId: number | undefined },
  actor: Actor,
  { password, new_password }: ChangePassword,
): Promise<void> {
  const { db, revocations, mailer } = services;
  const account = await requirePassword(services, { userId, network }, password);
  refuseGuessable('new_password', new_password, account);
  const hash = await hashPassword(new_password, network);
  const ended = await db.inTransaction(userId, async (tx) => {
    // Another change may have come first.
    if ((await lockAccount(tx, userId))?.password !== account.password) throw wrongCredentials();
    await setPassword(tx, userId, hash);
    await audit(tx, { actor, action: 'password.changed', userId });
    if (mailer && account.email !== '') await mailer.queue(tx, account.email, passwordChangedLetter(mailer.appName));
    return endOthers(tx, userId, { except: sessionId, before: Date.now() });
  });
  revocations.apply(ended);
}

/** Codes for another address that were asked for with the password before stop being good, too. */
export async function setPassword(tx: Transaction, userId: number, hash: string): Promise<void> {
  await updatePassword(tx, userId, hash);
  for (const purpose of ['change_email', 'reset_password'] as const) await dropCodes(tx, userId, purpose);
}

/** @throws VALIDATION_ERROR for the field, when guessers try the password first. */
export function refuseGuessable(field: string, password: string, account: Parameters<typeof isGuessable>[1]): void {
  if (isGuessable(password, account))
    throw validationError({ errors: { [field]: 'must not be a common password, nor your own name' } });
}
