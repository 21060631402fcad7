import { OPERATOR, audit } from '../../audit/index.js';
import { nextOwnNumber } from '../../changes/index.js';
import type { Database } from '../../database/index.js';
import { findAccount, openAccount, type Registration } from '../auth/index.js';
import { findUserId, userNotFound } from '../users/index.js';
import { lockAccount, setRole } from './admin.queries.js';

/** Opens the account of a new admin. @returns their id. @throws USER_EXISTS, VALIDATION_ERROR for a guessable password. */
export function createAdmin(db: Database, registration: Registration): Promise<number> {
  return openAccount(db, registration, 'operator', async (tx, userId) => {
    await setRole(tx, userId, 'admin', await nextOwnNumber(tx, userId));
    await audit(tx, { actor: OPERATOR, action: 'admin.created', userId });
    return userId;
  });
}

/** Those whose accounts are suspended included. */
export function listAdmins(db: Database) {
  return db.user.findMany({
    where: { role: 'admin' },
    orderBy: { id: 'asc' },
    select: { id: true, username: true, email: true, suspended_at: true, last_seen_at: true },
  });
}

/** @returns whether it is new to them. @throws USER_NOT_FOUND */
export function grantAdmin(db: Database, who: string): Promise<boolean> {
  return changeRole(db, who, 'admin');
}

/** @returns whether they have had it. @throws USER_NOT_FOUND */
export function revokeAdmin(db: Database, who: string): Promise<boolean> {
  return changeRole(db, who, 'user');
}

/** @param who an id, `ext:` and an id of the host application, a username or an email. @throws USER_NOT_FOUND */
export async function findByName(db: Database, who: string): Promise<number> {
  // Digits are an id, also where somebody is called so: nobody may become an admin by their name.
  const userId = (await findUserId(db, who)) ?? (/^\d+$/.test(who) ? undefined : (await findAccount(db, who))?.id);
  if (userId === undefined) throw userNotFound();
  return userId;
}

async function changeRole(db: Database, who: string, role: 'user' | 'admin'): Promise<boolean> {
  const userId = await findByName(db, who);
  const action = role === 'admin' ? 'admin.granted' : 'admin.revoked';
  return db.inTransaction(userId, async (tx) => {
    const account = await lockAccount(tx, userId);
    if (!account) throw userNotFound();
    if (account.isAdmin === (role === 'admin')) return false;
    await setRole(tx, userId, role, await nextOwnNumber(tx, userId));
    await audit(tx, { actor: OPERATOR, action, userId });
    return true;
  });
}
