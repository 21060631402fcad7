import { createHash } from 'node:crypto';
import type { Prisma, Transaction } from '../../database/index.js';
import { recordChange } from '../participants/index.js';
import type { SentMessage } from './messages.schemas.js';

type StoredMessage = Prisma.MessageGetPayload<object>;

export interface OwnedMessage {
  readonly id: number;
  readonly chat_id: number;
  readonly author_id: number;
}

/** The message, when it is in a chat in which the user takes part. */
export async function findMessageFor(
  tx: Transaction,
  userId: number,
  messageId: number,
): Promise<OwnedMessage | undefined> {
  const found = await tx.message.findFirst({
    where: { id: BigInt(messageId), chat: { participants: { some: { user_id: BigInt(userId) } } } },
    select: { chat_id: true, author_id: true },
  });
  if (!found) return undefined;
  return { id: messageId, chat_id: Number(found.chat_id), author_id: Number(found.author_id) };
}

/**
 * Within a change of the chat, which takes place only when the contents are others.
 * @returns undefined when somebody has removed the message first.
 */
export async function editMessage(
  tx: Transaction,
  messageId: number,
  pts: number,
  contents: string,
): Promise<{ message: SentMessage; changed: boolean } | undefined> {
  const where = { id: BigInt(messageId) };
  const before = await tx.message.findUnique({ where });
  if (!before) return undefined;
  if (before.contents === contents) return { message: toSent(before), changed: false };
  const now = new Date();
  const sent_digest = before.sent_digest ?? (before.client_id === null ? null : digest(before.contents));
  const data = { contents, pts: BigInt(pts), sent_digest, updated_at: now, edited_at: now };
  const edited = await tx.message.update({ where, data });
  await tx.chat.update({ where: { id: edited.chat_id }, data: { last_pts: BigInt(pts) }, select: { id: true } });
  return { message: toSent(edited), changed: true };
}

function toSent({
  id,
  created_at,
  updated_at,
  contents,
  author_id,
  client_id,
  edited_at,
  pts,
}: StoredMessage): SentMessage {
  return {
    id: Number(id),
    created_at: created_at.toISOString(),
    updated_at: updated_at.toISOString(),
    contents,
    author_id: Number(author_id),
    ...(client_id !== null && { client_id }),
    ...(edited_at && { edited_at: edited_at.toISOString() }),
    pts: Number(pts),
  };
}

function digest(contents: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(contents).digest());
}

/**
 * Within a change of the chat: removes the message, leaves its tombstone, and lets the chat's last message follow.
 * @returns false when somebody else has removed it first.
 */
export async function removeMessage(tx: Transaction, message: OwnedMessage, pts: number): Promise<boolean> {
  const id = BigInt(message.id);
  const chatId = BigInt(message.chat_id);
  const found = await tx.message.findUnique({ where: { id }, select: { client_id: true } });
  if (!found) return false;
  const chat = await tx.chat.findUniqueOrThrow({
    where: { id: chatId },
    select: { last_message_id: true, created_at: true },
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
  await tx.message.delete({ where: { id } });
  // The client_id stays known: a send that is retried after the deletion must not bring the message back.
  const data = { id: message.id, author_id: message.author_id, client_id: found.client_id };
  const { chat_id, author_id } = message;
  await recordChange(tx, { chatId: chat_id, pts, type: 'message.deleted', actorId: author_id, data });
  return true;
}
