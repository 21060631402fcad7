import type { Transaction } from '../database/index.js';

/** What makes a user's codes, as it is stored. */
interface StoredFactor {
  /** Encrypted. */
  readonly secret: Uint8Array<ArrayBuffer>;
  readonly lastStep: number;
  /** Whether logins need a code; false: it is only begun. */
  readonly isOn: boolean;
}

/** Locked until the transaction ends, so that a code is used once. @returns undefined when there is none. */
export async function lockFactor(tx: Transaction, userId: number): Promise<StoredFactor | undefined> {
  const [factor] = await tx.$queryRaw<{ secret: Uint8Array<ArrayBuffer>; last_step: bigint; is_on: boolean }[]>`
    select factor.secret, factor.last_step, owner.two_factor_at is not null as is_on
    from public.second_factor factor join public."user" owner on owner.id = factor.user_id
    where factor.user_id = ${userId} for update of factor`;
  return factor && { secret: factor.secret, lastStep: Number(factor.last_step), isOn: factor.is_on };
}

export async function updateFactor(
  tx: Transaction,
  userId: number,
  { secret, lastStep }: Pick<StoredFactor, 'secret' | 'lastStep'>,
): Promise<void> {
  await tx.secondFactor.updateMany({ where: { user_id: BigInt(userId) }, data: { secret, last_step: lastStep } });
}

/** In place of the one that was begun before. */
export async function insertFactor(tx: Transaction, userId: number, secret: Uint8Array<ArrayBuffer>): Promise<void> {
  await deleteFactor(tx, userId);
  await tx.secondFactor.create({ data: { user_id: BigInt(userId), secret } });
}

/** With its recovery codes. */
export async function deleteFactor(tx: Transaction, userId: number): Promise<void> {
  await tx.secondFactor.deleteMany({ where: { user_id: BigInt(userId) } });
}

/** In place of all that there were. */
export async function replaceRecoveryCodes(
  tx: Transaction,
  userId: number,
  hashes: readonly Uint8Array<ArrayBuffer>[],
): Promise<void> {
  const user_id = BigInt(userId);
  await tx.recoveryCode.deleteMany({ where: { user_id } });
  await tx.recoveryCode.createMany({ data: hashes.map((hash) => ({ user_id, hash })) });
}

/** Uses the code up. @returns whether it was good until now. */
export async function takeRecoveryCode(
  tx: Transaction,
  userId: number,
  hash: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  const { count } = await tx.recoveryCode.deleteMany({ where: { user_id: BigInt(userId), hash } });
  return count === 1;
}

/** Where the user stands; undefined: there is no such user. */
export async function readState(
  db: Transaction,
  userId: number,
): Promise<{ readonly isOn: boolean; readonly isBegun: boolean; readonly recoveryCodesLeft: number } | undefined> {
  const [state] = await db.$queryRaw<{ isOn: boolean; isBegun: boolean; recoveryCodesLeft: number }[]>`
    select owner.two_factor_at is not null as "isOn", factor.user_id is not null as "isBegun",
      (select count(*)::int4 from public.recovery_code code where code.user_id = owner.id) as "recoveryCodesLeft"
    from public."user" owner left join public.second_factor factor on factor.user_id = owner.id
    where owner.id = ${userId}`;
  return state;
}
