import { commitOwnChange, type Context } from '../../changes/index.js';
import type { Projection, Transaction } from '../../database/index.js';
import type { Realtime } from '../../realtime/index.js';
import { isBlank, trimBlank } from '../../shared/blank.js';
import { patchCustomData } from '../../shared/custom-data.js';
import { notAuthorized, validationError } from '../../shared/errors.js';
import type { RateLimits } from '../../shared/rate-limit.js';
import { sortTeams } from '../../shared/teams.js';
import { meUpdated } from './user.changes.js';
import { userProjection } from './user.fields.js';
import { changedMeanwhile, userNotFound } from './users.errors.js';
import {
  findUserIds,
  isSameProfile,
  lockProfile,
  readUser,
  updateProfile,
  type StoredProfile,
} from './users.queries.js';
import {
  MAX_WORDS,
  type ChangeMe,
  type FoundUsers,
  type Profile,
  type ShortUser,
  type User,
  type UserSearchQuery,
} from './users.schemas.js';

/** @throws NOT_AUTHORIZED when the user is gone. */
export async function getMe({ statements }: Pick<Context, 'statements'>, userId: number): Promise<User> {
  const user = await statements.user.find(userId);
  if (!user) throw notAuthorized();
  return user as User;
}

/** @throws NOT_AUTHORIZED when the user is gone; USER_NOT_FOUND when the other one is, or the user may not know of them. */
export async function getProfile({ statements }: Context, userId: number, otherId: number): Promise<Profile> {
  const found = await statements.user.profile(userId, otherId);
  if (found === undefined) throw notAuthorized();
  if (found === null) throw userNotFound();
  return found as Profile;
}

/** @throws NOT_AUTHORIZED when the user is gone; VALIDATION_ERROR, TOO_MANY_REQUESTS. */
export async function searchUsers(
  { db, statements, limits }: Pick<Context, 'db' | 'statements'> & { readonly limits: Pick<RateLimits, 'searches'> },
  userId: number,
  { q, limit }: UserSearchQuery,
): Promise<FoundUsers> {
  const words = trimBlank(q);
  if (Array.from(words).length > MAX_WORDS) {
    throw validationError({ errors: { q: `must NOT have more than ${MAX_WORDS} characters` } });
  }
  await limits.searches.consume(userId);
  const users = (await statements.user.search(userId, words, limit)) as ShortUser[];
  if (users.length === 0 && !(await db.inTurn(userId, () => findUserIds(db, [userId]))).has(userId))
    throw notAuthorized();
  return { users };
}

/**
 * What is the same already changes nothing.
 * @throws NOT_AUTHORIZED when the user is gone; CHANGED_MEANWHILE when the profile has another version than `if_version`;
 *   VALIDATION_ERROR for too much custom data.
 */
export async function changeMe(
  context: Context & { readonly realtime: Pick<Realtime, 'presence'> },
  userId: number,
  { if_version: version, ...change }: ChangeMe,
): Promise<User> {
  const apply = (before: StoredProfile) => patchProfile(before, change);
  const shows = { changed: false };
  const also = (_tx: Transaction, before: StoredProfile, after: StoredProfile) => {
    shows.changed = before.shows_last_seen !== after.shows_last_seen;
    return Promise.resolve();
  };
  const { user } = await changeProfile(context, userId, { apply, also, version }, userProjection);
  if (!user) throw notAuthorized();
  if (shows.changed) context.realtime.presence.visibilityToAllChanged(userId);
  return user;
}

/** What a change makes of a profile, and which version it wants to find; undefined: any. */
interface ProfileChange {
  /** What else belongs to the change, in its transaction. @throws to change nothing. */
  readonly check?: (tx: Transaction, before: StoredProfile) => Promise<void>;
  readonly apply: (before: StoredProfile) => StoredProfile;
  /** What belongs to it once something has changed, in its transaction. */
  readonly also?: ((tx: Transaction, before: StoredProfile, after: StoredProfile) => Promise<void>) | undefined;
  readonly version?: number | undefined;
}

/**
 * @param shown how the user is read for the answer.
 * @returns the user, undefined when there is none, and whether anything has changed.
 * @throws CHANGED_MEANWHILE, and what `check` and `apply` throw. A unique violation, see isUniqueViolation, when another user has the
 *   username or the email.
 */
export async function changeProfile<Row extends object>(
  context: Context,
  userId: number,
  { check, apply, also, version }: ProfileChange,
  shown: Projection<Row>,
): Promise<{ user: Row | undefined; changed: boolean }> {
  let changed = false;
  const user = await commitOwnChange(context, meUpdated, userId, {
    write: async (tx, next) => {
      const found = await lockProfile(tx, userId);
      if (!found) return undefined;
      if (version !== undefined && version !== found.version) throw changedMeanwhile();
      await check?.(tx, found.profile);
      const after = apply(found.profile);
      if (isSameProfile(found.profile, after)) return undefined;
      changed = true;
      await updateProfile(tx, userId, found.profile, after, await next());
      await also?.(tx, found.profile, after);
      return userId;
    },
    answer: (tx) => readUser(tx, shown, userId),
  });
  return { user, changed };
}

type Drawer = 'custom' | 'trusted' | 'private' | 'internal';

type ProfileField =
  | 'name'
  | 'avatar_url'
  | 'bio'
  | 'accepts_messages'
  | 'findable'
  | 'shows_last_seen'
  | 'shows_receipts'
  | 'locale'
  | 'notifications'
  | 'teams'
  | 'role';

/** What is not given stays. Of custom data only the names that are given change. @throws VALIDATION_ERROR for too much of it. */
export function patchProfile(
  before: StoredProfile,
  change: Partial<Pick<StoredProfile, ProfileField | Drawer>>,
): StoredProfile {
  const { name = before.name, avatar_url = before.avatar_url, bio = before.bio } = change;
  const { accepts_messages = before.accepts_messages, findable = before.findable } = change;
  const { shows_last_seen = before.shows_last_seen, locale = before.locale, teams = before.teams } = change;
  const { role = before.role, notifications = before.notifications, shows_receipts = before.shows_receipts } = change;
  const patched = (field: Drawer) => patchCustomData(field, before[field], change[field]);
  return {
    ...before,
    ...{ name, avatar_url, bio: visibleBio(bio) },
    ...{
      accepts_messages,
      findable,
      shows_last_seen,
      shows_receipts,
      locale,
      notifications,
      role,
      teams: sortTeams(teams),
    },
    ...{ custom: patched('custom'), trusted: patched('trusted') },
    ...{ private: patched('private'), internal: patched('internal') },
  };
}

/** A bio in which nothing is to be seen becomes an empty one. */
function visibleBio(bio: string | null): string | null {
  return bio !== null && isBlank(bio) ? '' : bio;
}
