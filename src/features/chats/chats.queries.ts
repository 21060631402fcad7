import { chatAsJson, type ReadModel, type Transaction } from '../../database/index.js';
import type { ChatWithParticipants } from './chats.schemas.js';

/**
 * The chat as the user sees it inside of the transaction.
 * @param participants how many are named; null: all.
 * @throws Error when they take no part in it.
 */
export async function readChat(
  tx: Transaction,
  { chat, person }: ReadModel,
  userId: number,
  chatId: number,
  participants: number | null = null,
): Promise<ChatWithParticipants> {
  const [row] = await tx.$queryRawUnsafe<{ chat: ChatWithParticipants }[]>(
    chatAsJson(chat, person),
    userId,
    chatId,
    participants,
  );
  if (!row) throw new Error(`The user ${userId} takes no part in the chat ${chatId}.`);
  return row.chat;
}

/** What decides how a chat may be changed. */
export async function findKind(
  tx: Transaction,
  chatId: number,
): Promise<{ isGroup: boolean; name: string | null; lastMessageId: number | null }> {
  const { type, name, last_message_id } = await tx.chat.findUniqueOrThrow({
    where: { id: BigInt(chatId) },
    select: { type: true, name: true, last_message_id: true },
  });
  const lastMessageId = last_message_id === null ? null : Number(last_message_id);
  return { isGroup: type === 'group', name, lastMessageId };
}

/** @returns when that was. */
export async function renameChat(tx: Transaction, chatId: number, name: string): Promise<string> {
  const updated_at = new Date();
  await tx.chat.update({ where: { id: BigInt(chatId) }, data: { name, updated_at }, select: { id: true } });
  return updated_at.toISOString();
}
