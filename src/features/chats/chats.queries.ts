import { chatAsJson, toJsonColumn, type ReadModel, type Transaction } from '../../database/index.js';
import type { CustomData } from '../../shared/custom-data.js';
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
): Promise<{ isGroup: boolean; lastMessageId: number | null }> {
  const { type, last_message_id } = await tx.chat.findUniqueOrThrow({
    where: { id: BigInt(chatId) },
    select: { type: true, last_message_id: true },
  });
  const lastMessageId = last_message_id === null ? null : Number(last_message_id);
  return { isGroup: type === 'group', lastMessageId };
}

/** What can be changed about a chat, as it is stored. */
export interface ChatDetails {
  /** null: it is a private chat. */
  readonly name: string | null;
  readonly avatar_url: string | null;
  readonly custom: CustomData | null;
  readonly trusted: CustomData | null;
  /** For the host application alone. */
  readonly internal: CustomData | null;
}

/** Within a change of the chat. */
export async function readDetails(tx: Transaction, chatId: number): Promise<ChatDetails> {
  const found = await tx.chat.findUniqueOrThrow({
    where: { id: BigInt(chatId) },
    select: { name: true, avatar_url: true, custom: true, trusted: true, internal: true },
  });
  return found as ChatDetails;
}

/** The details as Prisma takes them. */
export function toColumns({ name, avatar_url, custom, trusted, internal }: ChatDetails) {
  return {
    ...{ name, avatar_url },
    custom: toJsonColumn(custom),
    trusted: toJsonColumn(trusted),
    internal: toJsonColumn(internal),
  };
}

/** Within a change of the chat. @returns when that was. */
export async function updateDetails(tx: Transaction, chatId: number, details: ChatDetails): Promise<string> {
  const updated_at = new Date();
  const data = { ...toColumns(details), updated_at };
  await tx.chat.update({ where: { id: BigInt(chatId) }, data, select: { id: true } });
  return updated_at.toISOString();
}

export async function isOwner(tx: Transaction, chatId: number, userId: number): Promise<boolean> {
  const where = { chat_id: BigInt(chatId), user_id: BigInt(userId), role: 'owner' as const };
  return (await tx.chatParticipant.count({ where })) > 0;
}
