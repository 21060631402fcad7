import { commitOwnChange, lockUser } from '../../changes/index.js';
import { notAuthorized } from '../../shared/errors.js';
import { placePage } from '../../shared/place-pages.js';
import { readUntil } from '../../shared/read-until.js';
import type { Services } from '../feature.js';
import { findUserIds, mayKnowUser, userNotFound } from '../users/index.js';
import { muteUpdated } from './mute.changes.js';
import { muteYourself, tooManyMutes } from './mutes.errors.js';
import { countMutes, findMute, findMutes, writeMute, type KeptMute } from './mutes.queries.js';
import type { MuteList, MuteListQuery, MuteUser } from './mutes.schemas.js';

/** Of a user. */
const MAX_MUTES = 10_000;

/**
 * Another end is a change, and the same is none.
 * @throws NOT_AUTHORIZED when the user is gone; MUTE_YOURSELF, TOO_MANY_MUTES; VALIDATION_ERROR for an end that is past; USER_NOT_FOUND also for
 *   somebody of whom the user may not know, whose name the list would show.
 */
export function muteUser(services: Services, userId: number, otherId: number, { until }: MuteUser): Promise<void> {
  return setMute(services, userId, otherId, { until: readUntil(until) });
}

/** Where there is no mute nothing happens. @throws NOT_AUTHORIZED, MUTE_YOURSELF, USER_NOT_FOUND. */
export function unmuteUser(services: Services, userId: number, otherId: number): Promise<void> {
  return setMute(services, userId, otherId, undefined);
}

async function setMute(services: Services, userId: number, otherId: number, mute: KeptMute | undefined): Promise<void> {
  if (userId === otherId) throw muteYourself({ errors: { user_id: 'This is your own id.' } });
  await commitOwnChange(services, muteUpdated, userId, {
    write: async (tx, next) => {
      await lockUser(tx, userId);
      const before = await findMute(tx, userId, otherId);
      // Who was muted and is erased since can still be taken from the list.
      if (!before && !(await mayKnowUser(tx, userId, otherId))) throw userNotFound();
      if (before?.until?.getTime() === mute?.until?.getTime() && Boolean(before) === Boolean(mute)) return undefined;
      if (mute && !before && (await countMutes(tx, userId, MAX_MUTES)) === MAX_MUTES) throw tooManyMutes();
      await writeMute(tx, { userId, otherId }, mute, await next());
      return otherId;
    },
    answer: () => Promise.resolve(),
  });
}

/** @throws NOT_AUTHORIZED when the user is gone. */
export async function getMutes(
  { db }: Pick<Services, 'db'>,
  userId: number,
  { cursor, limit }: MuteListQuery,
): Promise<MuteList> {
  const before = cursor === undefined ? null : Number(cursor);
  // One more than asked for says whether there are more.
  const rows = await db.inTurn(userId, () => findMutes(db, userId, { before, limit: limit + 1 }));
  if (rows.length === 0 && !(await db.inTurn(userId, () => findUserIds(db, [userId]))).has(userId))
    throw notAuthorized();
  const { page, fields } = placePage(rows, limit, ({ place }) => place);
  return { ...fields, mutes: page.map(({ mute }) => mute) };
}
