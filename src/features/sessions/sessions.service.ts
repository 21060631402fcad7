import { SYSTEM, audit, type Actor } from '../../audit/index.js';
import type { Database, Revocation, Transaction } from '../../database/index.js';
import type { Identity, Refusal } from '../../shared/credential.js';
import { notAuthorized } from '../../shared/errors.js';
import type { SecurityLog } from '../../shared/security-log.js';
import { insertRevocations, type RefreshTokens, type Revocations } from '../../tokens/index.js';
import { findUserIds } from '../users/index.js';
import { ACCESS_SECONDS } from './access-token.js';
import { sessionNotFound } from './sessions.errors.js';
import { endSessions, listSessions, lockSession, updateSession, type StoredSession } from './sessions.queries.js';
import type { SessionList } from './sessions.schemas.js';

/** The clocks of two nodes may be so far apart. */
const SKEW_MS = 60_000;
/** No access token is good for longer, whatever the configuration was when it was made. */
const LONGEST_MS = 366 * 24 * 60 * 60 * 1000;

interface Context {
  readonly db: Database;
  readonly revocations: Revocations;
  readonly refreshTokens: RefreshTokens;
  readonly security: SecurityLog;
}

/** What a refresh token has become. */
interface Refreshed {
  readonly userId: number;
  readonly sessionId: number;
  readonly refreshToken: string;
}

/**
 * Gives the next refresh token for this one. The one before the newest, repeated before the newest was used, gives the newest
 * again: its answer may have got lost. What else has been used before is theft, and ends the session.
 * @throws NOT_AUTHORIZED with the reason.
 */
export async function refresh(
  { db, revocations, refreshTokens, security }: Context,
  token: string,
  client: { readonly address: string; readonly reqId: string },
): Promise<Refreshed> {
  const read = refreshTokens.read(token);
  if (!read) throw notAuthorized({ reason: 'TOKEN_INVALID' });
  const outcome = await db.inTransaction(`session ${read.sessionId}`, async (tx) => {
    const session = await lockSession(tx, read.sessionId);
    if (!session || !refreshTokens.isGenuine(read, session.salt)) return refused('TOKEN_INVALID');
    if (session.isSuspended) return refused('USER_SUSPENDED');
    if (session.hasEnded) return refused('TOKEN_REVOKED');
    if (session.hasExpired) return refused('TOKEN_EXPIRED');
    const next = successor(session, read.number);
    if (!next) return { theft: session, revoked: await endStolen(tx, session, client.address) };
    await updateSession(tx, session.id, next, client.address);
    const refreshToken = refreshTokens.make(session.id, next.counter, session.salt);
    return { refreshed: { userId: session.user_id, sessionId: session.id, refreshToken } };
  });
  if ('refreshed' in outcome) return outcome.refreshed;
  if ('refusal' in outcome) throw notAuthorized({ reason: outcome.refusal });
  revocations.apply(outcome.revoked);
  security.record('refresh_token_reused', { ...client, account_id: outcome.theft.user_id });
  throw notAuthorized({ reason: 'TOKEN_REVOKED' });
}

async function endStolen(
  tx: Transaction,
  { id, user_id: userId }: StoredSession,
  address: string,
): Promise<Revocation[]> {
  const actor = { ...SYSTEM, address };
  await audit(tx, { actor, action: 'session.theft_detected', userId, details: { session_id: id } });
  return end(tx, userId, { only: id });
}

function refused(refusal: Refusal): { readonly refusal: Refusal } {
  return { refusal };
}

type Progress = Pick<StoredSession, 'counter' | 'is_repeated' | 'was_repeated'>;

/**
 * Where the session stands once the token of that number was used. When two who have the same token take turns, each of
 * their tokens is repeated: two repeated ones in a row are theft, too.
 * @returns undefined: it is theft.
 */
export function successor({ counter, is_repeated, was_repeated }: Progress, number: number): Progress | undefined {
  // A backup that was restored may know fewer than have been given.
  if (number >= counter) return { counter: number + 1, is_repeated: false, was_repeated: is_repeated };
  if (number === counter - 1 && !was_repeated) return { counter, is_repeated: true, was_repeated };
  return undefined;
}

/** Ends sessions of the user. @returns what is to be applied once it is committed. */
async function end(tx: Transaction, userId: number, which: Parameters<typeof endSessions>[2]): Promise<Revocation[]> {
  const ended = await endSessions(tx, userId, which);
  const refreshedUntil = Date.now() + ACCESS_SECONDS * 1000;
  const revocations = ended.map(({ id: sessionId, tokensUntil }) => ({
    sessionId,
    userId,
    before: null,
    suspended: null,
    erased: null,
    keepUntil: Math.max(refreshedUntil, tokensUntil) + SKEW_MS,
  }));
  return insertRevocations(tx, revocations);
}

/**
 * @param actor who ends it, for the audit log; undefined: it is the device itself, which logs out.
 * @throws NOT_AUTHORIZED when the user is gone; SESSION_NOT_FOUND for one that is another user's, or that has ended.
 */
export async function endSession(
  { db, revocations }: Pick<Context, 'db' | 'revocations'>,
  userId: number,
  sessionId: number,
  actor?: Actor,
): Promise<void> {
  const ended = await db.inTransaction(userId, async (tx) => {
    const ended = await end(tx, userId, { only: sessionId });
    if (actor && ended.length > 0)
      await audit(tx, { actor, action: 'session.ended', userId, details: { session_id: sessionId } });
    return ended;
  });
  if (ended.length === 0) {
    await requireUser(db, userId);
    throw sessionNotFound();
  }
  revocations.apply(ended);
}

/** @throws NOT_AUTHORIZED when the user is gone. */
export async function requireUser(db: Transaction, userId: number): Promise<void> {
  if (!(await findUserIds(db, [userId])).has(userId)) throw notAuthorized();
}

/**
 * Within a transaction: ends all sessions of the user but this one, and all of their tokens without a session that were issued
 * before a time.
 * @param tokens.before in ms since 1970.
 * @param tokens.suspended whether from now on new tokens do not count either, or do again.
 * @param tokens.erased whether none ever counts again, because there is no such user any more.
 * @returns what is to be applied once it is committed.
 */
export async function endOthers(
  tx: Transaction,
  userId: number,
  { except, ...tokens }: { readonly except?: number | undefined } & Parameters<typeof endTokens>[2],
): Promise<Revocation[]> {
  return [...(await end(tx, userId, { except })), ...(await endTokens(tx, userId, tokens))];
}

/** The same of tokens without a session alone. */
export async function endTokens(
  tx: Transaction,
  userId: number,
  {
    before,
    suspended = null,
    erased = null,
  }: Pick<Revocation, 'before'> & Partial<Pick<Revocation, 'suspended' | 'erased'>>,
): Promise<Revocation[]> {
  const keepUntil = Date.now() + LONGEST_MS;
  return insertRevocations(tx, [{ sessionId: null, userId, before, suspended, erased, keepUntil }]);
}

/** Ends everything of the user but what this token belongs to: its session, or else itself and tokens that are newer. */
export async function endAllOthers(
  { db, revocations }: Pick<Context, 'db' | 'revocations'>,
  { userId, sessionId, issuedAt }: Identity,
  actor: Actor,
): Promise<void> {
  const before = sessionId === undefined ? issuedAt : Date.now();
  const ended = await db.inTransaction(userId, async (tx) => {
    await requireUser(tx, userId);
    await audit(tx, { actor, action: 'tokens.revoked', userId, details: { but_session_id: sessionId ?? null } });
    return endOthers(tx, userId, { except: sessionId, before });
  });
  revocations.apply(ended);
}

/** Lets no token of anybody count that was issued before the time, in ms since 1970. Sessions go on with their next tokens. */
export async function revokeEverybody(
  { db, revocations }: Pick<Context, 'db' | 'revocations'>,
  actor: Actor,
  before: number,
): Promise<void> {
  const tokens = {
    sessionId: null,
    userId: null,
    before,
    suspended: null,
    erased: null,
    keepUntil: Date.now() + LONGEST_MS,
  };
  const ended = await db.inTransaction('everybody', async (tx) => {
    await audit(tx, { actor, action: 'tokens.revoked', details: { before: new Date(before).toISOString() } });
    return insertRevocations(tx, [tokens]);
  });
  revocations.apply(ended);
}

export async function getSessions(
  { db }: Pick<Context, 'db'>,
  { userId, sessionId }: Pick<Identity, 'userId' | 'sessionId'>,
): Promise<SessionList> {
  const sessions = await db.inTurn(userId, () => listSessions(db, userId));
  if (sessions.length === 0) await requireUser(db, userId);
  return {
    sessions: sessions.map(({ id, created_at, last_seen_at, ...client }) => ({
      id: Number(id),
      ...client,
      created_at: created_at.toISOString(),
      last_seen_at: last_seen_at.toISOString(),
      is_current: Number(id) === sessionId,
    })),
  };
}
