import type { Transaction } from '../../database/index.js';
import type { Registration } from './auth.schemas.js';

/** Which of a new account's two unique fields others have. */
export async function findTaken(
  db: Transaction,
  { username, email }: Pick<Registration, 'username' | 'email'>,
): Promise<{ username: boolean; email: boolean }> {
  // Prisma's insensitive mode would be ILIKE, to which the _ of a username is a wildcard. The second collation of the
  // email is that of its index, which would not be used otherwise.
  const [taken] = await db.$queryRaw<[{ username: boolean; email: boolean }]>`
    select
      exists (select 1 from public."user" where lower(username collate "C") = lower(${username} collate "C")) as username,
      exists (select 1 from public."user" where email = lower(${email} collate "C") collate "default") as email`;
  return taken;
}

/**
 * @returns the id of the new user.
 * @throws a unique violation, see isUniqueViolation, when the username or email has been taken meanwhile.
 */
export async function createUser(db: Transaction, { username, email, password }: Registration): Promise<number> {
  const data = { username, email: email.toLowerCase(), password };
  const { id } = await db.user.create({ data, select: { id: true } });
  return Number(id);
}

export interface Account {
  readonly id: number;
  /** The hash; undefined: nobody can log in to it with a password, as while it is suspended. */
  readonly password: string | undefined;
}

/** A username has no @, so it is never the email of another user. */
export async function findAccount(db: Transaction, usernameOrEmail: string): Promise<Account | undefined> {
  const [account] = await db.$queryRaw<{ id: bigint; password: string | null }[]>`
    select id, case when suspended_at is null then password end as password
    from public."user" where email = lower(${usernameOrEmail} collate "C") collate "default" and erased_at is null
    union all
    select id, case when suspended_at is null then password end
    from public."user" where lower(username collate "C") = lower(${usernameOrEmail} collate "C")
      and erased_at is null`;
  return account && { id: Number(account.id), password: account.password ?? undefined };
}

/** With the names that a password must not be. */
export async function findAccountById(
  db: Transaction,
  userId: number,
): Promise<{ username: string; email: string; password: string | undefined } | undefined> {
  const select = { username: true, email: true, password: true };
  const user = await db.user.findUnique({ where: { id: BigInt(userId), erased_at: null }, select });
  return user ? { username: user.username, email: user.email ?? '', password: user.password ?? undefined } : undefined;
}

export async function updatePassword(db: Transaction, userId: number, password: string): Promise<void> {
  await db.user.updateMany({ where: { id: BigInt(userId), erased_at: null }, data: { password } });
}

/** Replaces the hash of the same password by a stronger one. @returns whether the password was still that one. */
export async function renewPassword(
  db: Transaction,
  userId: number,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<boolean> {
  const { count } = await db.user.updateMany({ where: { id: BigInt(userId), password: from }, data: { password: to } });
  return count === 1;
}

/**
 * Locked against changes until the transaction ends.
 * @returns the hash, and whether a login needs a code; undefined when there is no such user, or when they are suspended or erased.
 */
export async function lockAccount(
  tx: Transaction,
  userId: number,
): Promise<{ readonly password: string | null; readonly needsCode: boolean } | undefined> {
  const [account] = await tx.$queryRaw<{ password: string | null; needsCode: boolean }[]>`
    select password, two_factor_at is not null as "needsCode" from public."user"
    where id = ${userId} and suspended_at is null and erased_at is null for share`;
  return account;
}
