import type { Prisma, Transaction } from '../../database/index.js';

export async function isParticipant(tx: Transaction, userId: number, chatId: number): Promise<boolean> {
  const where = { chat_id_user_id: { chat_id: BigInt(chatId), user_id: BigInt(userId) } };
  return (await tx.chatParticipant.findUnique({ where, select: { user_id: true } })) !== null;
}

/**
 * Locks the chat until the transaction ends, so that nothing else changes it meanwhile.
 * @returns the pts of the last change.
 */
export async function lockChat(tx: Transaction, chatId: number): Promise<number> {
  const [chat] = await tx.$queryRaw<{ last_pts: bigint }[]>`
    select last_pts from public.chat where id = ${chatId} for no key update`;
  if (!chat) throw new Error(`There is no chat ${chatId} to lock, though somebody takes part in it.`);
  return Number(chat.last_pts);
}

/** A durable change of a chat that is not the state of a message. */
export interface ChatChange {
  readonly chatId: number;
  readonly pts: number;
  readonly type: 'chat.created' | 'chat.updated' | 'participant.added' | 'participant.removed' | 'message.deleted';
  readonly actorId: number;
  readonly data: Prisma.InputJsonObject;
}

/**
 * Makes the change the last one of its chat, and keeps it for those who were away.
 * @returns how many people take part in the chat now.
 */
export async function recordChange(tx: Transaction, { chatId, pts, type, actorId, data }: ChatChange): Promise<number> {
  const chat_id = BigInt(chatId);
  await tx.chatEvent.create({ data: { chat_id, pts: BigInt(pts), type, actor_id: BigInt(actorId), data } });
  const last_pts = BigInt(pts);
  const { participant_count } = await tx.chat.update({
    where: { id: chat_id },
    data: { last_pts, last_event_pts: last_pts },
    select: { participant_count: true },
  });
  return participant_count;
}
