import type { Transaction } from '../../database/index.js';
import type { Target } from './sanctions.queries.js';

/** Under the lock of the group. Sends that are under way look again. @param until null: until they are let out. */
export async function enterShadow(tx: Transaction, { chatId, userId }: Target, until: Date | null): Promise<void> {
  await tx.$executeRaw`
    update public.chat_participant set shadowed_until = coalesce(${until}::timestamptz, 'infinity')
    where chat_id = ${chatId} and user_id = ${userId}`;
  await tx.$executeRaw`update public.chat set send_guard = send_guard + 1 where id = ${chatId}`;
  await tx.$executeRaw`update public."user" set was_shadowed = true where id = ${userId} and was_shadowed is null`;
}

/** Whether nobody else sees what the user sends to the chat now. */
export async function isInShadow(db: Transaction, { chatId, userId }: Target): Promise<boolean> {
  const where = { chat_id: BigInt(chatId), user_id: BigInt(userId), shadowed_until: { gt: new Date() } };
  return (await db.chatParticipant.count({ where })) > 0;
}
