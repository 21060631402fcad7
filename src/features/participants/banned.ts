import type { Transaction } from '../../database/index.js';
import { banned } from './participants.errors.js';

/** Which of the users can't come into the group. */
async function findBanned(tx: Transaction, chatId: number, userIds: readonly number[]): Promise<number[]> {
  const rows = await tx.$queryRaw<{ user_id: bigint }[]>`
    select user_id from public.chat_sanction
    where chat_id = ${chatId} and user_id = any (${userIds}::int8[]) and kind = 'ban'
      and (until is null or until > clock_timestamp())
    order by user_id`;
  return rows.map(({ user_id }) => Number(user_id));
}

/** Before the user comes into the group by themselves. @throws BANNED */
export async function refuseBanned(tx: Transaction, chatId: number, userId: number): Promise<void> {
  if ((await findBanned(tx, chatId, [userId])).length > 0) throw banned();
}

/** Before others bring them into it. @param field that names them. @throws BANNED with the first of them. */
export async function requireNoneBanned(
  tx: Transaction,
  chatId: number,
  userIds: readonly number[],
  field: string,
): Promise<void> {
  const [first] = await findBanned(tx, chatId, userIds);
  if (first !== undefined) throw banned({ errors: { [field]: `User ${first} is banned from this group.` } });
}
