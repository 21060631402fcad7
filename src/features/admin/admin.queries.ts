import { claimDue, type Database, type Transaction } from '../../database/index.js';
import { adminUserProjection, type AdminUser, type AdminUserQuery } from './admin-users.schemas.js';

interface Account {
  readonly id: number;
  readonly isAdmin: boolean;
  readonly isSuspended: boolean;
}

interface Admin extends Account {
  readonly hasSecondFactor: boolean;
}

const SHOWN = { role: true, suspended_at: true, two_factor_at: true } as const;

/** What decides whether the user is an admin. @returns undefined when there is no such user. */
export async function findAccount(db: Database, userId: number): Promise<Admin | undefined> {
  const user = await db.user.findUnique({ where: { id: BigInt(userId), erased_at: null }, select: SHOWN });
  if (!user) return undefined;
  const { role, suspended_at, two_factor_at } = user;
  const [isAdmin, isSuspended, hasSecondFactor] = [role === 'admin', suspended_at !== null, two_factor_at !== null];
  return { id: userId, isAdmin, isSuspended, hasSecondFactor };
}

/**
 * Locked until the transaction ends: the account, and with that of an admin those of all others, in the order of their ids, so
 * that two admins can't suspend each other at the same time.
 * @returns undefined when there is no such user.
 */
export async function lockAccount(
  tx: Transaction,
  userId: number,
): Promise<(Account & { readonly isLastAdmin: boolean }) | undefined> {
  const accounts = await tx.$queryRaw<{ id: bigint; isAdmin: boolean; isSuspended: boolean }[]>`
    select id, role = 'admin' as "isAdmin", suspended_at is not null as "isSuspended" from public."user"
    where id = any (array(
      select ${userId}::int8
      union
      select other.id from public."user" other
      where other.role = 'admin' and other.suspended_at is null
        and exists (select from public."user" one where one.id = ${userId} and one.role = 'admin')
    )) and erased_at is null
    order by id for no key update`;
  const account = accounts.find(({ id }) => Number(id) === userId);
  if (!account) return undefined;
  const others = accounts.filter((other) => other !== account && other.isAdmin && !other.isSuspended);
  return { ...account, id: userId, isLastAdmin: account.isAdmin && others.length === 0 };
}

/** @param suspension undefined: the account is in use again. */
export async function updateSuspension(
  tx: Transaction,
  userId: number,
  suspension: { readonly reason: string; readonly until: Date | null } | undefined,
): Promise<void> {
  await tx.$executeRaw`
    update public."user" set
      suspended_at = case when ${suspension !== undefined} then now() end,
      suspension_reason = ${suspension?.reason ?? null}
    where id = ${userId}`;
  await tx.$executeRaw`delete from public.suspension_end where user_id = ${userId}`;
  if (!suspension?.until) return;
  const { until } = suspension;
  await tx.suspensionEnd.create({
    data: { user_id: BigInt(userId), until, due_at: until },
    select: { user_id: true },
  });
}

/** Within a transaction that has locked the account. */
export async function hasSuspensionEnded(tx: Transaction, userId: number): Promise<boolean> {
  return (await tx.suspensionEnd.count({ where: { user_id: BigInt(userId), until: { lte: new Date() } } })) > 0;
}

/** Takes some whose suspension is to end: see claimDue. */
export async function claimSuspended(db: Database, limit: number, leaseMs: number): Promise<number[]> {
  const rows = await claimDue<{ user_id: bigint }>(
    db,
    { table: 'suspension_end', key: 'user_id' },
    { limit, leaseMs },
    'select user_id from claimed',
  );
  return rows.map(({ user_id }) => Number(user_id));
}

/** @param mePts the number of the change in the user's own log. */
export async function setRole(tx: Transaction, userId: number, role: 'user' | 'admin', mePts: number): Promise<void> {
  await tx.$executeRaw`
    update public."user" set role = ${role}::public.user_role, me_pts = ${mePts} where id = ${userId}`;
}

const STATUS = { active: 'suspended_at is null', suspended: 'suspended_at is not null' } as const;
const ROLE = { user: "role = 'user'", admin: "role = 'admin'" } as const;

/** The newest first. */
export async function findUsers(
  db: Database,
  { q, status, role, cursor }: AdminUserQuery,
  limit: number,
): Promise<AdminUser[]> {
  const values: unknown[] = [limit];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const conditions = [
    'erased_at is null',
    ...(cursor === undefined ? [] : [`id < ${bind(cursor)}::int8`]),
    ...(status === undefined ? [] : [STATUS[status]]),
    ...(role === undefined ? [] : [ROLE[role]]),
    ...(q === undefined ? [] : [`(${isCalled(q, bind)})`]),
  ];
  const rows = await db.$queryRawUnsafe<{ found: AdminUser }[]>(
    `select ${adminUserProjection.json('found')} as found
    from (select * from public."user" where ${conditions.join(' and ')} order by id desc limit $1::int8) found order by id desc`,
    ...values,
  );
  return rows.map(({ found }) => found);
}

/** SQL for whether a user has the id, the external id, the email, or a username that begins so. Each has an index. */
function isCalled(q: string, bind: (value: unknown) => string): string {
  const text = bind(q);
  const username = 'lower(username collate "C")';
  const prefix = `lower(${text} collate "C")`;
  return [
    ...(/^[1-9]\d{0,15}$/.test(q) && Number.isSafeInteger(Number(q)) ? [`id = ${bind(Number(q))}::int8`] : []),
    `external_id = ${text}`,
    `email = ${prefix} collate "default"`,
    // All letters that a username may have come before "~".
    `(${username} >= ${prefix} and ${username} < ${prefix} || '~')`,
  ].join(' or ');
}
