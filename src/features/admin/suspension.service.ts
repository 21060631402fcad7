import { SYSTEM, audit, type Actor, type AuditEntry } from '../../audit/index.js';
import type { Revocation, Transaction } from '../../database/index.js';
import { readUntil } from '../../shared/read-until.js';
import type { Services } from '../feature.js';
import { insertRemoval } from '../moderation/index.js';
import { endOthers } from '../sessions/index.js';
import { readUser, userNotFound } from '../users/index.js';
import { lastAdmin, ownAccount } from './admin.errors.js';
import { hasSuspensionEnded, lockAccount, updateSuspension } from './admin.queries.js';
import { adminUserProjection, type AdminUser, type Suspend } from './admin-users.schemas.js';

type Context = Pick<Services, 'db' | 'revocations'>;

/** @throws USER_NOT_FOUND */
export async function getUser({ db }: Pick<Context, 'db'>, userId: number): Promise<AdminUser> {
  const user = await readUser(db, adminUserProjection, userId);
  if (!user) throw userNotFound();
  return user;
}

/**
 * Ends all that the user is logged in with, and lets no token of theirs count until they are restored.
 * @throws USER_NOT_FOUND, OWN_ACCOUNT, LAST_ADMIN; VALIDATION_ERROR for a time that has passed.
 */
export async function suspend(
  context: Context,
  actor: Actor,
  userId: number,
  { reason, until: untilText, delete_messages = 'none' }: Suspend,
): Promise<AdminUser> {
  if (actor.type === 'user' && actor.id === userId) throw ownAccount();
  const until = readUntil(untilText);
  const details = { reason, until: until?.toISOString() ?? null, delete_messages };
  return changeAccount(context, { actor, action: 'user.suspended', userId, details }, async (tx, account) => {
    if (account.isSuspended) return undefined;
    if (account.isLastAdmin) throw lastAdmin();
    await updateSuspension(tx, userId, { reason, until });
    const actorId = actor.type === 'user' && actor.id !== null ? actor.id : userId;
    await insertRemoval(tx, { authorId: userId, actorId, which: delete_messages });
    return endOthers(tx, userId, { before: Date.now(), suspended: true });
  });
}

/** Lets the user log in again. What was issued before that stays refused. @throws USER_NOT_FOUND */
export function restore(context: Context, actor: Actor, userId: number): Promise<AdminUser> {
  return changeAccount(context, { actor, action: 'user.restored', userId }, async (tx, account) => {
    if (!account.isSuspended) return undefined;
    await updateSuspension(tx, userId, undefined);
    // A login that was under way when the account was suspended may have begun a session.
    return endOthers(tx, userId, { before: Date.now(), suspended: false });
  });
}

/** The same when the time has come, unless an admin has restored or suspended them meanwhile. @throws USER_NOT_FOUND */
export function endSuspension(context: Context, userId: number): Promise<AdminUser> {
  return changeAccount(context, { actor: SYSTEM, action: 'user.restored', userId }, async (tx, account) => {
    if (!account.isSuspended || !(await hasSuspensionEnded(tx, userId))) return undefined;
    await updateSuspension(tx, userId, undefined);
    return endOthers(tx, userId, { before: Date.now(), suspended: false });
  });
}

/** Ends all that the user is logged in with. @throws USER_NOT_FOUND */
export async function logOut(context: Context, actor: Actor, userId: number): Promise<void> {
  await changeAccount(context, { actor, action: 'user.logged_out', userId }, (tx) =>
    endOthers(tx, userId, { before: Date.now() }),
  );
}

/** @param change says what has ended by it; undefined: nothing has changed. */
async function changeAccount(
  context: Context,
  entry: AuditEntry & { readonly userId: number },
  change: (
    tx: Transaction,
    account: NonNullable<Awaited<ReturnType<typeof lockAccount>>>,
  ) => Promise<Revocation[] | undefined>,
): Promise<AdminUser> {
  const { db, revocations } = context;
  const { userId } = entry;
  const { ended, user } = await db.inTransaction(userId, async (tx) => {
    const account = await lockAccount(tx, userId);
    if (!account) throw userNotFound();
    const ended = await change(tx, account);
    if (ended) await audit(tx, entry);
    return { ended, user: await readUser(tx, adminUserProjection, userId) };
  });
  if (ended) revocations.apply(ended);
  if (!user) throw userNotFound();
  return user;
}
