import { isDeepStrictEqual } from 'node:util';
import { audit, type Actor } from '../../audit/index.js';
import type { Context } from '../../changes/index.js';
import { isUniqueViolation, type Transaction } from '../../database/index.js';
import { ApiError } from '../../shared/errors.js';
import { scopeRequired } from '../api-keys/index.js';
import { findTaken, namesTaken } from '../auth/index.js';
import {
  changeProfile,
  createExternalUser,
  externalIdOf,
  findUserId,
  isAdmin,
  newProfile,
  patchProfile,
  readUser,
  userNotFound,
  type StoredProfile,
} from '../users/index.js';
import {
  serverUserProjection,
  type BatchItem,
  type PatchUser,
  type PutUser,
  type PutUsers,
  type ServerUser,
  type UserOutcome,
} from './server-users.schemas.js';

/** Of a batch, how many are written at the same time. */
const AT_ONCE = 4;

/** @throws USER_NOT_FOUND */
export async function requireUserId({ db }: Pick<Context, 'db'>, ref: string): Promise<number> {
  const userId = await findUserId(db, ref);
  if (userId === undefined) throw userNotFound();
  return userId;
}

/** @throws USER_NOT_FOUND */
export async function getServerUser({ db }: Context, ref: string): Promise<ServerUser> {
  const userId = await requireUserId({ db }, ref);
  const user = await readUser(db, serverUserProjection, userId);
  if (!user) throw userNotFound();
  return user;
}

/**
 * Makes the user when the host application names one of its own whom there is not yet. Many at once make one.
 * @throws USER_NOT_FOUND for an unknown id of this server; USER_EXISTS when another has the username or email.
 */
export async function putUser(context: Context, actor: Actor, ref: string, wanted: PutUser): Promise<UserOutcome> {
  const externalId = externalIdOf(ref);
  const known = await findUserId(context.db, ref);
  if (known === undefined && externalId !== undefined) {
    const user = await createUser(context, actor, externalId, wanted);
    if (user) return { outcome: 'created', user };
  }
  const userId = known ?? (await requireUserId(context, ref));
  return changeUser(context, actor, userId, { apply: (before) => replaced(before, wanted) }, wanted);
}

/** @throws USER_NOT_FOUND, USER_EXISTS, CHANGED_MEANWHILE, VALIDATION_ERROR; SCOPE_REQUIRED for a role, and for the e-mail address of an admin. */
export async function patchUser(
  context: Context,
  actor: Actor,
  ref: string,
  { if_version: version, ...patch }: PatchUser,
): Promise<UserOutcome> {
  const userId = await requireUserId(context, ref);
  return changeUser(context, actor, userId, { apply: (before) => patched(before, patch), version }, patch);
}

/** Each user by itself: a mistake in one leaves the others. */
export async function putUsers(context: Context, actor: Actor, { users }: PutUsers): Promise<BatchItem[]> {
  const results: BatchItem[] = [];
  const next = users.entries();
  const work = async () => {
    for (const [index, { external_id, ...wanted }] of next) {
      results[index] = { external_id, ...(await putUserOrError(context, actor, external_id, wanted)) };
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return results;
}

async function putUserOrError(
  context: Context,
  actor: Actor,
  externalId: string,
  wanted: PutUser,
): Promise<Omit<BatchItem, 'external_id'>> {
  try {
    return await putUser(context, actor, `ext:${externalId}`, wanted);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status >= 500) throw error;
    const { code, message, extras } = error;
    return { outcome: 'error', error: { code, message, ...(extras.errors && { errors: extras.errors }) } };
  }
}

/** @returns undefined when another request has just made the user. */
async function createUser(
  context: Context,
  actor: Actor,
  externalId: string,
  wanted: PutUser,
): Promise<ServerUser | undefined> {
  const { username } = wanted;
  const profile = replaced(newProfile(username === undefined ? {} : { username }), wanted);
  try {
    const userId = await createExternalUser(context.db, externalId, profile, async (tx, userId) => {
      await audit(tx, { actor, action: 'user.created', userId });
      if (profile.role === 'admin') await changeRole(tx, actor, userId, profile.role);
    });
    return userId === undefined ? undefined : await getServerUser(context, String(userId));
  } catch (error) {
    throw await explain(context, error, wanted);
  }
}

async function changeUser(
  context: Context,
  actor: Actor,
  userId: number,
  change: Parameters<typeof changeProfile>[2],
  names: Pick<PutUser, 'username' | 'email'>,
): Promise<UserOutcome> {
  const also = async (tx: Transaction, before: StoredProfile, after: StoredProfile) => {
    if (before.email !== after.email && (await isAdmin(tx, userId))) await requireAdminKey(tx, actor, EMAIL_OF_ADMIN);
    if (before.role !== after.role) await changeRole(tx, actor, userId, after.role);
    await audit(tx, { actor, action: 'user.updated', userId, details: { fields: changedFields(before, after) } });
  };
  try {
    const { user, changed } = await changeProfile(context, userId, { ...change, also }, serverUserProjection);
    if (!user) throw userNotFound();
    return { outcome: changed ? 'updated' : 'unchanged', user: user };
  } catch (error) {
    throw await explain(context, error, names);
  }
}

/** A mail to its address gives an account another password: who changes that of an admin can become the admin. */
const EMAIL_OF_ADMIN = 'The e-mail address of an admin needs the scope admin.';

/** @throws SCOPE_REQUIRED */
async function requireAdminKey(tx: Transaction, { id }: Actor, why: string): Promise<void> {
  if ((await tx.apiKey.count({ where: { id: BigInt(id ?? 0), scopes: { has: 'admin' } } })) > 0) return;
  throw scopeRequired({ errors: { scope: why } });
}

/** What belongs to another role of a user. @throws SCOPE_REQUIRED */
async function changeRole(tx: Transaction, actor: Actor, userId: number, role: StoredProfile['role']): Promise<void> {
  await requireAdminKey(tx, actor, 'The role of a user needs the scope admin.');
  await audit(tx, { actor, action: role === 'admin' ? 'admin.granted' : 'admin.revoked', userId });
}

function changedFields(before: StoredProfile, after: StoredProfile): string[] {
  const names = Object.keys(after) as (keyof StoredProfile)[];
  return names.filter((name) => !isDeepStrictEqual(before[name], after[name]));
}

/** Which of the two names another user has, when that is what went wrong. */
async function explain({ db }: Context, error: unknown, names: Pick<PutUser, 'username' | 'email'>): Promise<unknown> {
  if (!isUniqueViolation(error)) return error;
  return namesTaken(await findTaken(db, { username: names.username ?? '', email: names.email ?? '' }));
}

type AccountNames = Pick<StoredProfile, 'username' | 'email' | 'email_confirmed'>;

/** The host application vouches for an email that it gives. */
function named(before: StoredProfile, { username, email }: Pick<PutUser, 'username' | 'email'>): AccountNames {
  return {
    username: username ?? before.username,
    ...(email === undefined
      ? { email: before.email, email_confirmed: before.email_confirmed }
      : { email: email.toLowerCase(), email_confirmed: true }),
  };
}

const NOTHING = {
  ...{ name: null, avatar_url: null, bio: null, locale: null },
  ...{ custom: null, trusted: null, internal: null },
};

function replaced(before: StoredProfile, wanted: PutUser): StoredProfile {
  return patched({ ...before, ...NOTHING }, wanted);
}

function patched(before: StoredProfile, patch: Omit<PatchUser, 'if_version'>): StoredProfile {
  return { ...patchProfile(before, patch), ...named(before, patch) };
}
