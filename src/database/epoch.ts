import type { Transaction } from './client.js';

/** Gives the epoch another value, so that clients begin afresh. @returns that value. */
export async function rotateEpoch(db: Transaction): Promise<string> {
  const [rotated] = await db.$queryRaw<{ epoch: string }[]>`
    update public.sync_epoch set epoch = gen_random_uuid(), rotated_at = now() returning epoch::text`;
  if (!rotated) throw new Error('The table sync_epoch has lost its row.');
  return rotated.epoch;
}
