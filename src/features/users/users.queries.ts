import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { mayKnow, meet, toJsonColumn, type Projection, type Transaction } from '../../database/index.js';
import type { AcceptsMessages, Notifications } from './user.fields.js';
import { isSameCustomData, type CustomData } from '../../shared/custom-data.js';

/** What can be changed about a user, as it is stored. */
export interface StoredProfile {
  readonly username: string;
  readonly email: string | null;
  readonly email_confirmed: boolean;
  readonly name: string | null;
  readonly avatar_url: string | null;
  readonly bio: string | null;
  readonly custom: CustomData | null;
  readonly trusted: CustomData | null;
  readonly private: CustomData | null;
  readonly internal: CustomData | null;
  readonly accepts_messages: AcceptsMessages;
  readonly findable: boolean;
  readonly shows_last_seen: boolean;
  readonly shows_receipts: boolean;
  readonly locale: string | null;
  readonly notifications: Notifications;
  readonly role: 'user' | 'admin';
  /** Each once, in order. */
  readonly teams: readonly string[];
}

/** The user inside of the transaction. */
export async function readUser<Row extends object>(
  tx: Transaction,
  projection: Projection<Row>,
  userId: number,
): Promise<Row | undefined> {
  const [row] = await tx.$queryRawUnsafe<{ found: Row }[]>(
    `select ${projection.json('found')} as found from public."user" found
    where found.id = $1::int8 and found.erased_at is null`,
    userId,
  );
  return row?.found;
}

/** Locked until the transaction ends. @returns undefined when there is no such user. */
export async function lockProfile(
  tx: Transaction,
  userId: number,
): Promise<{ profile: StoredProfile; version: number } | undefined> {
  const [row] = await tx.$queryRaw<(StoredProfile & { profile_pts: bigint })[]>`
    select username, email, email_confirmed, name, avatar_url, bio, custom, trusted, private, internal,
      accepts_messages, findable, shows_last_seen, shows_receipts, locale, notifications, role::text, teams, profile_pts
    from public."user" where id = ${userId} and erased_at is null for no key update`;
  if (!row) return undefined;
  const { profile_pts, ...profile } = row;
  return { profile, version: Number(profile_pts) };
}

export function isSameProfile(one: StoredProfile, other: StoredProfile): boolean {
  const account = [
    'email',
    'email_confirmed',
    'accepts_messages',
    'findable',
    'shows_last_seen',
    'shows_receipts',
    'locale',
    'notifications',
    'role',
  ] as const;
  const isSameAccount = account.every((name) => one[name] === other[name]);
  const isInSameTeams = isDeepStrictEqual(one.teams, other.teams);
  return (
    isSameToOthers(one, other) &&
    isSameAccount &&
    isInSameTeams &&
    hasSameCustomData(one, other, ['private', 'internal'])
  );
}

/** Whether others see no difference. */
function isSameToOthers(one: StoredProfile, other: StoredProfile): boolean {
  const isSame = (['username', 'name', 'avatar_url', 'bio'] as const).every((name) => one[name] === other[name]);
  return isSame && hasSameCustomData(one, other, ['custom', 'trusted']);
}

function hasSameCustomData(
  one: StoredProfile,
  other: StoredProfile,
  names: readonly ('custom' | 'trusted' | 'private' | 'internal')[],
): boolean {
  return names.every((name) => isSameCustomData(one[name], other[name]));
}

/**
 * Within a transaction that has locked the profile. A change that others see takes the next number of all profiles, and
 * with it the last of all locks: until the transaction ends no other profile changes.
 * @param mePts the number of the change in the user's own log.
 * @throws a unique violation, see isUniqueViolation, when another user has the username or the email.
 */
export async function updateProfile(
  tx: Transaction,
  userId: number,
  before: StoredProfile,
  after: StoredProfile,
  mePts: number,
): Promise<void> {
  const profilePts = isSameToOthers(before, after) ? undefined : await nextProfileNumber(tx);
  await tx.user.update({
    where: { id: BigInt(userId) },
    data: {
      ...toColumns(after),
      me_pts: BigInt(mePts),
      ...(profilePts !== undefined && { profile_pts: BigInt(profilePts) }),
    },
    select: { id: true },
  });
}

/** The profile as Prisma takes it. */
export function toColumns({ custom, trusted, private: own, internal, teams, ...fields }: StoredProfile) {
  return {
    ...fields,
    teams: [...teams],
    custom: toJsonColumn(custom),
    trusted: toJsonColumn(trusted),
    private: toJsonColumn(own),
    internal: toJsonColumn(internal),
  };
}

async function nextProfileNumber(tx: Transaction): Promise<number> {
  const [log] = await tx.$queryRaw<[{ last_pts: bigint }]>`
    update public.profile_log set last_pts = last_pts + 1 returning last_pts`;
  return Number(log.last_pts);
}

/** What somebody is called of whom nothing is left. Nobody can take such a username before: it is drawn. */
export function erasedNames(): { readonly username: string; readonly name: string } {
  return { username: `deleted-${randomBytes(8).toString('hex')}`, name: 'Deleted user' };
}

/**
 * Takes everything of the user from their row, which others see as a change of the profile. It takes the last of all locks, see
 * updateProfile.
 * @returns whether there was such a user; the one who stands for the host application stays.
 */
export async function eraseProfile(tx: Transaction, userId: number): Promise<boolean> {
  const { username, name } = erasedNames();
  const profilePts = await nextProfileNumber(tx);
  const count = await tx.$executeRaw`
    update public."user" set
      erased_at = now(), updated_at = now(), profile_pts = ${profilePts},
      username = ${username}, name = ${name}, email = null, email_confirmed = false, password = null,
      bio = null, avatar_url = null, external_id = null, custom = null, trusted = null, private = null, internal = null,
      role = 'user', suspended_at = null, suspension_reason = null, accepts_messages = 'everybody', last_seen_at = null,
      two_factor_at = null, findable = false, locale = null, notifications = 'all', teams = '{}'
    where id = ${userId} and erased_at is null and not is_app`;
  return count > 0;
}

export async function isAdmin(db: Transaction, userId: number): Promise<boolean> {
  return (await db.user.count({ where: { id: BigInt(userId), role: 'admin' } })) > 0;
}

/** Which of the ids are users'. */
export async function findUserIds(db: Transaction, ids: readonly number[]): Promise<Set<number>> {
  const users = await db.user.findMany({
    where: { id: { in: ids.map(BigInt) }, erased_at: null },
    select: { id: true },
  });
  return new Set(users.map(({ id }) => Number(id)));
}

/** The first of the others who is not there for the user: there is no such user, or the two do not meet. */
export async function findMissing(
  tx: Transaction,
  userId: number,
  otherIds: readonly number[],
): Promise<number | undefined> {
  const [missing] = await tx.$queryRawUnsafe<{ user_id: bigint }[]>(
    `select asked.user_id from public."user" me
    cross join unnest($2::int8[]) with ordinality asked (user_id, n)
    left join lateral (
      select teams from public."user" where id = asked.user_id and erased_at is null offset 0
    ) other on true
    where me.id = $1::int8 and (other.teams is null or not ${meet('me.teams', 'other.teams')})
    order by asked.n limit 1`,
    userId,
    otherIds,
  );
  return missing && Number(missing.user_id);
}

/** Whether there is such a user, of whom the user may know. */
export async function mayKnowUser(tx: Transaction, userId: number, otherId: number): Promise<boolean> {
  const rows = await tx.$queryRawUnsafe<object[]>(
    `select from public."user" me
    cross join lateral (select id, teams from public."user" where id = $2::int8 and erased_at is null offset 0) other
    where me.id = $1::int8 and ${mayKnow('me', 'other')}`,
    userId,
    otherId,
  );
  return rows.length > 0;
}
