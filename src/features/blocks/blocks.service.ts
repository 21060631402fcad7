import { commitOwnChange, lockUser } from '../../changes/index.js';
import { notAuthorized } from '../../shared/errors.js';
import { placePage } from '../../shared/place-pages.js';
import type { Services } from '../feature.js';
import { findUserIds, mayKnowUser, userNotFound } from '../users/index.js';
import { blockUpdated } from './block.changes.js';
import { blockYourself, tooManyBlocks } from './blocks.errors.js';
import { countBlocks, findBlocked, guardPrivateChat, hasBlocked, writeBlock } from './blocks.queries.js';
import type { BlockList, BlockListQuery } from './blocks.schemas.js';

/** Of a user. */
const MAX_BLOCKS = 10_000;

/**
 * Blocks the other, or takes that back. What is so already changes nothing. Once it is answered no message of either is kept in
 * their private chat: a send that is under way is before the block, or looks again.
 * @throws NOT_AUTHORIZED when the user is gone; BLOCK_YOURSELF, TOO_MANY_BLOCKS; USER_NOT_FOUND also for somebody of whom the user may
 *   not know, whose name the list of blocks would show.
 */
export async function setBlock(services: Services, userId: number, otherId: number, blocked: boolean): Promise<void> {
  if (userId === otherId) throw blockYourself({ errors: { user_id: 'This is your own id.' } });
  const state = { changed: false };
  await commitOwnChange(services, blockUpdated, userId, {
    write: async (tx, next) => {
      await lockUser(tx, userId);
      const isBlocked = await hasBlocked(tx, userId, otherId);
      // Who was blocked and is erased since can still be taken from the list.
      if (!isBlocked && !(await mayKnowUser(tx, userId, otherId))) throw userNotFound();
      if (isBlocked === blocked) return undefined;
      if (blocked) {
        if ((await countBlocks(tx, userId, MAX_BLOCKS)) === MAX_BLOCKS) throw tooManyBlocks();
        await guardPrivateChat(tx, userId, otherId);
      }
      await writeBlock(tx, { userId, otherId, blocked }, await next());
      state.changed = true;
      return otherId;
    },
    answer: () => Promise.resolve(),
  });
  if (state.changed) services.realtime.presence.visibilityChanged(userId, otherId);
}

/** @throws NOT_AUTHORIZED when the user is gone. */
export async function getBlocks(
  { db }: Pick<Services, 'db'>,
  userId: number,
  { cursor, limit }: BlockListQuery,
): Promise<BlockList> {
  const before = cursor === undefined ? null : Number(cursor);
  // One more than asked for says whether there are more.
  const rows = await db.inTurn(userId, () => findBlocked(db, userId, { before, limit: limit + 1 }));
  if (rows.length === 0 && !(await db.inTurn(userId, () => findUserIds(db, [userId]))).has(userId))
    throw notAuthorized();
  const { page, fields } = placePage(rows, limit, ({ place }) => place);
  return { ...fields, users: page.map(({ person }) => person) };
}
