import { commitOwnChange, type Context } from '../../changes/index.js';
import type { Projection, Transaction } from '../../database/index.js';
import { isBlank } from '../../shared/blank.js';
import { patchCustomData } from '../../shared/custom-data.js';
import { notAuthorized } from '../../shared/errors.js';
import { meUpdated } from './user.changes.js';
import { userProjection } from './user.fields.js';
import { changedMeanwhile, userNotFound } from './users.errors.js';
import { isSameProfile, lockProfile, readUser, updateProfile, type StoredProfile } from './users.queries.js';
import type { ChangeMe, Profile, User } from './users.schemas.js';

/** @throws NOT_AUTHORIZED when the user is gone. */
export async function getMe({ statements }: Pick<Context, 'statements'>, userId: number): Promise<User> {
  const user = await statements.user.find(userId);
  if (!user) throw notAuthorized();
  return user as User;
}

/** @throws NOT_AUTHORIZED when the user is gone; USER_NOT_FOUND when the other one is. */
export async function getProfile({ statements }: Context, userId: number, otherId: number): Promise<Profile> {
  const found = await statements.user.profile(userId, otherId);
  if (found === undefined) throw notAuthorized();
  if (found === null) throw userNotFound();
  return found as Profile;
}

/**
 * What is the same already changes nothing.
 * @throws NOT_AUTHORIZED when the user is gone; CHANGED_MEANWHILE when the profile has another version than `if_version`;
 *   VALIDATION_ERROR for too much custom data.
 */
export async function changeMe(
  context: Context,
  userId: number,
  { if_version: version, ...change }: ChangeMe,
): Promise<User> {
  const apply = (before: StoredProfile) => patchProfile(before, change);
  const { user } = await changeProfile(context, userId, { apply, version }, userProjection);
  if (!user) throw notAuthorized();
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

/** What is not given stays. Of custom data only the names that are given change. @throws VALIDATION_ERROR for too much of it. */
export function patchProfile(
  before: StoredProfile,
  change: Partial<Pick<StoredProfile, 'name' | 'avatar_url' | 'bio' | 'accepts_messages' | Drawer>>,
): StoredProfile {
  const { name = before.name, avatar_url = before.avatar_url, bio = before.bio } = change;
  const { accepts_messages = before.accepts_messages } = change;
  const patched = (field: Drawer) => patchCustomData(field, before[field], change[field]);
  return {
    ...before,
    ...{ name, avatar_url, bio: visibleBio(bio), accepts_messages },
    ...{ custom: patched('custom'), trusted: patched('trusted') },
    ...{ private: patched('private'), internal: patched('internal') },
  };
}

/** A bio in which nothing is to be seen becomes an empty one. */
function visibleBio(bio: string | null): string | null {
  return bio !== null && isBlank(bio) ? '' : bio;
}
