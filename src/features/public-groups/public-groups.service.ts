import { chatDoesNotExist, type Context } from '../../changes/index.js';
import type { Transaction } from '../../database/index.js';
import { notAuthorized } from '../../shared/errors.js';
import { placePage } from '../../shared/place-pages.js';
import { addJoiner, isParticipant, type Joining } from '../invites/index.js';
import { findUserIds } from '../users/index.js';
import { findGroups, mayJoin, readSearch } from './public-groups.queries.js';
import type { PublicGroupList, PublicGroupQuery } from './public-groups.schemas.js';

/** @throws NOT_AUTHORIZED when the user is gone. */
export function getPublicGroups(
  { db }: Context,
  userId: number,
  { q = '', cursor, limit }: PublicGroupQuery,
): Promise<PublicGroupList> {
  return db.inTurn(userId, async () => {
    const search = await readSearch(db, userId, q);
    if (!search) throw notAuthorized();
    const before = cursor === undefined ? Number.MAX_SAFE_INTEGER : Number(cursor);
    // One more than asked for says whether there are more.
    const found = await findGroups(db, userId, search, { before, limit: limit + 1 });
    const { page, fields } = placePage(found, limit, ({ chat_id }) => chat_id);
    return { ...fields, groups: page };
  });
}

/**
 * Adds the user to a public group. Who takes part in the chat already stays in it.
 * @throws NOT_AUTHORIZED; BANNED; CHAT_DOES_NOT_EXIST also for a group that is not public: nothing tells these apart.
 */
export async function joinPublicGroup(context: Context, userId: number, chatId: number): Promise<Joining> {
  const { db } = context;
  const requireOpen = async (tx: Transaction) => {
    if (!(await mayJoin(tx, chatId, userId))) throw chatDoesNotExist();
  };
  const isIn = await db.inTurn(userId, async () => {
    if (!(await findUserIds(db, [userId])).has(userId)) throw notAuthorized();
    if (await isParticipant(db, chatId, userId)) return true;
    // Before the lock: nobody keeps others waiting with requests for a group that is not theirs.
    await requireOpen(db);
    return false;
  });
  return isIn ? { outcome: 'joined', chat_id: chatId } : addJoiner(context, { userId, chatId }, requireOpen);
}
