import { privateKey, type Transaction } from '../../database/index.js';
import { personProjection, type ShortUser } from '../users/index.js';

export async function hasBlocked(tx: Transaction, userId: number, otherId: number): Promise<boolean> {
  const user_id_blocked_user_id = { user_id: BigInt(userId), blocked_user_id: BigInt(otherId) };
  const block = await tx.userBlock.findUnique({ where: { user_id_blocked_user_id }, select: { blocked_at: true } });
  return block !== null && block.blocked_at !== null;
}

/** Sends that wait for the private chat of the two look again: without it they would not see the block. */
export async function guardPrivateChat(tx: Transaction, oneId: number, otherId: number): Promise<void> {
  await tx.chat.updateMany({
    where: { private_key: privateKey(oneId, otherId) },
    data: { send_guard: { increment: 1 } },
  });
}

/** @param mePts the number of the change in the user's own log. */
export async function writeBlock(
  tx: Transaction,
  block: { readonly userId: number; readonly otherId: number; readonly blocked: boolean },
  mePts: number,
): Promise<void> {
  const key = { user_id: BigInt(block.userId), blocked_user_id: BigInt(block.otherId) };
  const state = { blocked_at: block.blocked ? new Date() : null, me_pts: BigInt(mePts) };
  await tx.userBlock.upsert({
    where: { user_id_blocked_user_id: key },
    create: { ...key, ...state },
    update: state,
    select: { user_id: true },
  });
}

/** @param limit beyond which nobody counts. */
export async function countBlocks(tx: Transaction, userId: number, limit: number): Promise<number> {
  const [counted] = await tx.$queryRaw<[{ count: number }]>`
    select count(*)::int as count from (
      select from public.user_block where user_id = ${userId} and blocked_at is not null limit ${limit}
    ) now`;
  return counted.count;
}

/** The people whom the user has blocked, the newest first, each with their place. @param before exclusive, a place; null begins. */
export async function findBlocked(
  db: Transaction,
  userId: number,
  { before, limit }: { readonly before: number | null; readonly limit: number },
): Promise<{ place: bigint; person: ShortUser }[]> {
  return db.$queryRawUnsafe(
    `select block.me_pts as place, ${personProjection.json('other')} as person
    from (
      select blocked_user_id, me_pts from public.user_block
      where user_id = $1::int8 and blocked_at is not null and me_pts < coalesce($2::int8, 9223372036854775807)
      order by me_pts desc limit $3::int8
    ) block
    cross join lateral (select * from public."user" where id = block.blocked_user_id offset 0) other
    order by block.me_pts desc`,
    userId,
    before,
    limit,
  );
}
