import type { Database, MessagePageRow } from '../../database/index.js';
import { notAuthorized } from '../../shared/errors.js';
import { chatDoesNotExist } from '../participants/index.js';
import { findUserIds } from '../users/index.js';
import { messageDoesNotExist, notTheOwner } from './messages.errors.js';
import { findMessageFor, removeMessage } from './messages.queries.js';
import type { Message, MessagePage, MessagePageQuery } from './messages.schemas.js';

/** @throws NOT_AUTHORIZED when the user is gone; CHAT_DOES_NOT_EXIST when they take no part in such a chat. */
export async function sendMessage(db: Database, userId: number, chatId: number, contents: string): Promise<Message> {
  const message = await db.message.send({ authorId: userId, chatId, contents });
  if (message === undefined) throw notAuthorized();
  if (message === null) throw chatDoesNotExist();
  return message;
}

/** @throws NOT_AUTHORIZED when the user is gone; CHAT_DOES_NOT_EXIST when they take no part in such a chat. */
export async function getMessages(
  db: Database,
  userId: number,
  chatId: number,
  page: MessagePageQuery,
): Promise<MessagePage> {
  const rows = await db.message.page(userId, chatId, { cursor: undefined, ...page });
  if (rows === undefined) throw notAuthorized();
  if (rows === null) throw chatDoesNotExist();
  return toPage(rows);
}

function toPage(rows: MessagePageRow[]): MessagePage {
  const authors = new Map(rows.map(({ message, author }) => [message.author_id, author]));
  return {
    count: rows.length,
    authors: [...authors].map(([id, username]) => ({ id, username })),
    messages: rows.map(({ message }) => message),
  };
}

/**
 * @throws NOT_AUTHORIZED when the user is gone; MESSAGE_DOES_NOT_EXIST when there is no such message in a chat of
 *   theirs; NOT_THE_OWNER when somebody else wrote it.
 */
export async function deleteMessage(db: Database, userId: number, messageId: number): Promise<void> {
  await db.$transaction(async (tx) => {
    const message = await findMessageFor(tx, userId, messageId);
    if (!message) {
      const exists = (await findUserIds(tx, [userId])).has(userId);
      throw exists ? messageDoesNotExist() : notAuthorized();
    }
    if (message.author_id !== userId) throw notTheOwner();
    if (!(await removeMessage(tx, message))) throw messageDoesNotExist();
  });
}
