import { utcJson, type Transaction } from '../../database/index.js';
import { personProjection } from '../users/index.js';
import type { MutedUser } from './mutes.schemas.js';

/** A mute that has not been taken back; it may have ended. */
export interface KeptMute {
  readonly until: Date | null;
}

export async function findMute(tx: Transaction, userId: number, otherId: number): Promise<KeptMute | undefined> {
  const user_id_muted_user_id = { user_id: BigInt(userId), muted_user_id: BigInt(otherId) };
  const found = await tx.userMute.findUnique({
    where: { user_id_muted_user_id },
    select: { muted_at: true, until: true },
  });
  return found?.muted_at ? { until: found.until } : undefined;
}

/** @param mute undefined: it is taken back. @param mePts the number of the change in the user's own log. */
export async function writeMute(
  tx: Transaction,
  { userId, otherId }: { readonly userId: number; readonly otherId: number },
  mute: KeptMute | undefined,
  mePts: number,
): Promise<void> {
  const key = { user_id: BigInt(userId), muted_user_id: BigInt(otherId) };
  const state = { muted_at: mute ? new Date() : null, until: mute?.until ?? null, me_pts: BigInt(mePts) };
  await tx.userMute.upsert({
    where: { user_id_muted_user_id: key },
    create: { ...key, ...state },
    update: state,
    select: { user_id: true },
  });
}

/** Those that have ended count until they are taken back. @param limit beyond which nobody counts. */
export async function countMutes(tx: Transaction, userId: number, limit: number): Promise<number> {
  const [counted] = await tx.$queryRaw<[{ count: number }]>`
    select count(*)::int as count from (
      select from public.user_mute where user_id = ${userId} and muted_at is not null limit ${limit}
    ) now`;
  return counted.count;
}

/** The people whom the user has muted, the newest first, each with their place. @param before exclusive, a place; null begins. */
export async function findMutes(
  db: Transaction,
  userId: number,
  { before, limit }: { readonly before: number | null; readonly limit: number },
): Promise<{ place: bigint; mute: MutedUser }[]> {
  return db.$queryRawUnsafe(
    `select mute.me_pts as place, json_build_object(
      'user', ${personProjection.json('other')}, 'until', ${utcJson('mute.until')}
    ) as mute
    from (
      select muted_user_id, until, me_pts from public.user_mute
      where user_id = $1::int8 and muted_at is not null and (until is null or until > clock_timestamp())
        and me_pts < coalesce($2::int8, 9223372036854775807)
      order by me_pts desc limit $3::int8
    ) mute
    cross join lateral (select * from public."user" where id = mute.muted_user_id offset 0) other
    order by mute.me_pts desc`,
    userId,
    before,
    limit,
  );
}
