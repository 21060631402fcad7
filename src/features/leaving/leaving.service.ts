import { audit, type Actor } from '../../audit/index.js';
import { lastAdmin, lockAccount } from '../admin/index.js';
import type { Services } from '../feature.js';
import { endOthers } from '../sessions/index.js';
import { eraseProfile, userNotFound } from '../users/index.js';
import { insertErasure, removeOwnData } from './leaving.queries.js';
import type { LeftMessages } from './leaving.schemas.js';

/**
 * Erases the user: from the answer on nobody can be them, and their names are free. Groups and messages are the job's, which goes
 * on whatever happens to this process.
 * @throws USER_NOT_FOUND, LAST_ADMIN.
 */
export async function erase(
  { db, revocations }: Pick<Services, 'db' | 'revocations'>,
  actor: Actor,
  userId: number,
  messages: LeftMessages,
): Promise<void> {
  const ended = await db.inTransaction(userId, async (tx) => {
    const account = await lockAccount(tx, userId);
    if (!account) throw userNotFound();
    if (account.isLastAdmin) throw lastAdmin();
    await audit(tx, { actor, action: 'user.erased', userId, details: { messages } });
    // A node of the version before knows that nobody may be them as if they were suspended.
    const ended = await endOthers(tx, userId, { before: Date.now(), suspended: true, erased: true });
    await removeOwnData(tx, userId);
    await insertErasure(tx, userId, messages);
    if (!(await eraseProfile(tx, userId))) throw userNotFound();
    return ended;
  });
  revocations.apply(ended);
}
