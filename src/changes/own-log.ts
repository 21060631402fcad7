import type { Transaction } from '../database/index.js';

/** Takes the next number of the user's own log, and locks it until the transaction ends. */
export async function nextOwnNumber(tx: Transaction, userId: number): Promise<number> {
  const [log] = await tx.$queryRaw<[{ me_pts: bigint }]>`
    insert into public.user_log as log (user_id, me_pts) values (${userId}, 1)
    on conflict (user_id) do update set me_pts = log.me_pts + 1
    returning me_pts`;
  return Number(log.me_pts);
}
