import type { Transaction } from '../../database/index.js';

interface Owner {
  readonly username: string;
  readonly email: string | null;
  /** Whether their logins need a code. */
  readonly isOn: boolean;
}

/** Locked until the transaction ends, before anything of the second factor. @returns undefined when there is no such user. */
export async function lockOwner(tx: Transaction, userId: number): Promise<Owner | undefined> {
  const [owner] = await tx.$queryRaw<Owner[]>`
    select username, email, two_factor_at is not null as "isOn"
    from public."user" where id = ${userId} for no key update`;
  return owner;
}

/** @param mePts the number of the change in the user's own log. */
export async function setTwoFactor(tx: Transaction, userId: number, isOn: boolean, mePts: number): Promise<void> {
  await tx.$executeRaw`
    update public."user" set two_factor_at = case when ${isOn} then now() end, me_pts = ${mePts} where id = ${userId}`;
}
