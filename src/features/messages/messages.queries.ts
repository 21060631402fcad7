import type { Transaction } from '../../database/index.js';

export interface OwnedMessage {
  readonly id: number;
  readonly chat_id: number;
  readonly author_id: number;
  readonly client_id: string | null;
}

/** The message, when it is in a chat in which the user takes part. */
export async function findMessageFor(
  tx: Transaction,
  userId: number,
  messageId: number,
): Promise<OwnedMessage | undefined> {
  const found = await tx.message.findFirst({
    where: { id: BigInt(messageId), chat: { participants: { some: { user_id: BigInt(userId) } } } },
    select: { chat_id: true, author_id: true, client_id: true },
  });
  if (!found) return undefined;
  const { chat_id, author_id, client_id } = found;
  return { id: messageId, chat_id: Number(chat_id), author_id: Number(author_id), client_id };
}

/**
 * Removes the message, leaves its tombstone at the chat's next pts, and lets the chat's last message follow.
 * The update that draws the pts locks the chat's row, so nothing else changes the chat meanwhile.
 * @returns false when somebody else has removed it first.
 */
export async function removeMessage(tx: Transaction, message: OwnedMessage): Promise<boolean> {
  const id = BigInt(message.id);
  const chatId = BigInt(message.chat_id);
  const chat = await tx.chat.update({
    where: { id: chatId },
    data: { last_pts: { increment: 1 } },
    select: { last_pts: true, last_message_id: true, created_at: true },
  });
  if (chat.last_message_id === id) {
    const previous = await tx.message.findFirst({
      where: { chat_id: chatId, id: { lt: id } },
      orderBy: { id: 'desc' },
      select: { id: true, created_at: true },
    });
    await tx.chat.update({
      where: { id: chatId },
      data: {
        last_message_id: previous?.id ?? null,
        last_activity_at: previous?.created_at ?? chat.created_at,
      },
    });
  }
  const { count } = await tx.message.deleteMany({ where: { id } });
  if (count === 0) return false;
  await tx.chatEvent.create({
    data: {
      chat_id: chatId,
      pts: chat.last_pts,
      type: 'message.deleted',
      actor_id: BigInt(message.author_id),
      // The client_id stays known: a send that is retried after the deletion must not bring the message back.
      data: { id: message.id, client_id: message.client_id },
    },
  });
  return true;
}
