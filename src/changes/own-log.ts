import type { Transaction } from '../database/index.js';

/** Takes the next number of the user's own log, and locks it until the transaction ends. */
export async function nextOwnNumber(tx: Transaction, userId: number): Promise<number> {
  const next = await nextOwnNumbers(tx, [userId]);
  return next(userId);
}

/** The same for several changes, each given by its user, who may have several of them. @returns what gives each of them its number. */
export async function nextOwnNumbers(tx: Transaction, userIds: readonly number[]): Promise<(userId: number) => number> {
  const logs = await tx.$queryRaw<{ user_id: bigint; me_pts: bigint; count: bigint }[]>`
    with asked as (select user_id, count(*) from unnest(${userIds}::int8[]) each (user_id) group by user_id),
    numbered as (
      insert into public.user_log as log (user_id, me_pts) select user_id, count from asked order by user_id
      on conflict (user_id) do update set me_pts = log.me_pts + excluded.me_pts
      returning user_id, me_pts
    )
    select user_id, me_pts, count from numbered join asked using (user_id)`;
  const taken = new Map(logs.map(({ user_id, me_pts, count }) => [Number(user_id), Number(me_pts - count)]));
  return (userId) => {
    const number = (taken.get(userId) ?? 0) + 1;
    taken.set(userId, number);
    return number;
  };
}
