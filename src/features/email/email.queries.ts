import type { Transaction } from '../../database/index.js';

/** What a code is good for. */
export type Purpose = 'confirm_email' | 'change_email' | 'reset_password';

interface NewCode {
  readonly userId: number;
  readonly purpose: Purpose;
  readonly email: string;
  readonly hash: Uint8Array<ArrayBuffer>;
  readonly validMs: number;
}

/** Earlier codes stay good: mails can overtake each other. Those that have expired go. */
export async function insertCode(tx: Transaction, { userId, purpose, email, hash, validMs }: NewCode): Promise<void> {
  await tx.$executeRaw`
    delete from public.email_code where user_id = ${userId} and purpose = ${purpose} and expires_at <= now()`;
  await tx.$executeRaw`
    insert into public.email_code (user_id, purpose, email, hash, expires_at)
    values (${userId}, ${purpose}, ${email}, ${hash}, now() + ${validMs}::float8 * interval '1 millisecond')`;
}

/** A code that is good. */
export interface Code {
  readonly userId: number;
  readonly purpose: Purpose;
  /** The address that it was sent to. */
  readonly email: string;
}

/** undefined: there is no such code for any of the purposes, or it is no longer good. */
export async function findCode(
  db: Transaction,
  hash: Uint8Array<ArrayBuffer>,
  purposes: readonly Purpose[],
): Promise<Code | undefined> {
  const [code] = await db.$queryRaw<{ user_id: bigint; purpose: Purpose; email: string }[]>`
    select user_id, purpose, email from public.email_code
    where hash = ${hash} and purpose = any(${purposes}) and used_at is null and expires_at > now()`;
  return code && { userId: Number(code.user_id), purpose: code.purpose, email: code.email };
}

/** Codes of the user for the purpose that were sent before stop being good. */
export async function dropCodes(tx: Transaction, userId: number, purpose: Purpose): Promise<void> {
  await tx.$executeRaw`delete from public.email_code where user_id = ${userId} and purpose = ${purpose}`;
}

/**
 * Uses the code up.
 * @param email the address that it must have been sent to: mostly that which its user has now.
 * @returns whether it was good until now.
 */
export async function takeCode(
  tx: Transaction,
  purpose: Purpose,
  hash: Uint8Array<ArrayBuffer>,
  email: string | null,
): Promise<boolean> {
  const taken = await tx.$executeRaw`
    update public.email_code set used_at = now()
    where hash = ${hash} and purpose = ${purpose} and email = ${email} and used_at is null and expires_at > now()`;
  return taken === 1;
}

export interface Address {
  readonly email: string | null;
  readonly email_confirmed: boolean;
}

/** undefined: there is no such user. */
export async function readAddress(tx: Transaction, userId: number): Promise<Address | undefined> {
  const select = { email: true, email_confirmed: true };
  return (await tx.user.findUnique({ where: { id: BigInt(userId), erased_at: null }, select })) ?? undefined;
}
