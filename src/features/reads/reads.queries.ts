import type { Transaction } from '../../database/index.js';

/** Locks what the user has read in a chat. @returns whether they take part in it, and it is marked as unread or not, as given. */
export async function lockMark(tx: Transaction, userId: number, chatId: number, isUnread: boolean): Promise<boolean> {
  const rows = await tx.$queryRaw<object[]>`
    select from public.chat_participant
    where chat_id = ${chatId} and user_id = ${userId} and marked_unread = ${isUnread}
      and exists (select from public."user" where id = ${userId} and erased_at is null)
    for no key update`;
  return rows.length > 0;
}

export async function writeMark(
  tx: Transaction,
  userId: number,
  chatId: number,
  mark: { readonly marked_unread: boolean; readonly read_me_pts: number },
): Promise<void> {
  const where = { chat_id_user_id: { chat_id: BigInt(chatId), user_id: BigInt(userId) } };
  await tx.chatParticipant.update({ where, data: mark, select: { chat_id: true } });
}
