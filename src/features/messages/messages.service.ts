import type { Database, MessagePageRow, Transaction } from '../../database/index.js';
import type { Publisher } from '../../realtime/index.js';
import { notAuthorized } from '../../shared/errors.js';
import { beginChange, chatDoesNotExist } from '../participants/index.js';
import { findUserIds } from '../users/index.js';
import { clientIdTaken, messageDeleted, messageDoesNotExist, notTheOwner } from './messages.errors.js';
import { messageCreated, messageDeletedEvent, messageUpdated } from './messages.events.js';
import { editMessage, findMessageFor, removeMessage, type OwnedMessage } from './messages.queries.js';
import type { MessagePage, MessagePageQuery, SendMessage, SentMessage } from './messages.schemas.js';

/**
 * Sends it once, however often it is asked to under the same client_id.
 * @throws NOT_AUTHORIZED when the user is gone; CHAT_DOES_NOT_EXIST when they take no part in such a chat;
 *   CLIENT_ID_TAKEN when another message was sent under this client_id; MESSAGE_DELETED when the message is gone again.
 */
export async function sendMessage(
  db: Database,
  live: Publisher,
  userId: number,
  chatId: number,
  { contents, client_id }: SendMessage,
): Promise<SentMessage> {
  const sent = await db.message.send({ authorId: userId, chatId, contents, clientId: client_id });
  switch (sent.outcome) {
    case 'sent':
      live.publish(messageCreated(chatId, sent.message));
      return sent.message;
    case 'repeated':
      return { ...sent.message, deduplicated: true };
    case 'taken':
      throw clientIdTaken();
    case 'deleted':
      throw messageDeleted();
    case 'not a participant':
      throw chatDoesNotExist();
    case 'no such user':
      throw notAuthorized();
  }
}

/** @throws NOT_AUTHORIZED when the user is gone; CHAT_DOES_NOT_EXIST when they take no part in such a chat. */
export async function getMessages(
  db: Database,
  userId: number,
  chatId: number,
  page: MessagePageQuery,
): Promise<MessagePage> {
  // One more than the page has: it tells whether there is another page.
  const rows = await db.message.page(userId, chatId, { cursor: undefined, ...page, limit: page.limit + 1 });
  if (rows === undefined) throw notAuthorized();
  if (rows === null) throw chatDoesNotExist();
  return toPage(rows.slice(0, page.limit), rows.length > page.limit);
}

function toPage(rows: MessagePageRow[], has_more: boolean): MessagePage {
  const authors = new Map(rows.map(({ message, author }) => [message.author_id, author]));
  return {
    next: has_more ? (rows.at(-1)?.message.id ?? null) : null,
    has_more,
    count: rows.length,
    authors: [...authors].map(([id, username]) => ({ id, username })),
    messages: rows.map(({ message }) => message),
  };
}

/**
 * An edit that changes nothing is no change: nobody is told.
 * @throws NOT_AUTHORIZED when the user is gone; MESSAGE_DOES_NOT_EXIST when there is no such message in a chat of
 *   theirs; NOT_THE_OWNER when somebody else wrote it.
 */
export async function changeMessage(
  db: Database,
  live: Publisher,
  userId: number,
  messageId: number,
  contents: string,
): Promise<SentMessage> {
  const { chatId, message, changed } = await db.inTransaction(userId, async (tx) => {
    const { chat_id } = await requireOwned(tx, userId, messageId);
    const pts = await beginChange(tx, userId, chat_id);
    const edited = await editMessage(tx, messageId, pts, contents);
    if (!edited) throw messageDoesNotExist();
    return { chatId: chat_id, ...edited };
  });
  if (changed) live.publish(messageUpdated(chatId, message));
  return message;
}

/** @throws NOT_AUTHORIZED, MESSAGE_DOES_NOT_EXIST, NOT_THE_OWNER: see changeMessage. */
export async function deleteMessage(db: Database, live: Publisher, userId: number, messageId: number): Promise<void> {
  const [chatId, pts] = await db.inTransaction(userId, async (tx) => {
    const message = await requireOwned(tx, userId, messageId);
    const pts = await beginChange(tx, userId, message.chat_id);
    if (!(await removeMessage(tx, message, pts))) throw messageDoesNotExist();
    return [message.chat_id, pts] as const;
  });
  live.publish(messageDeletedEvent(chatId, pts, messageId));
}

async function requireOwned(tx: Transaction, userId: number, messageId: number): Promise<OwnedMessage> {
  const message = await findMessageFor(tx, userId, messageId);
  if (!message) {
    const exists = (await findUserIds(tx, [userId])).has(userId);
    throw exists ? messageDoesNotExist() : notAuthorized();
  }
  if (message.author_id !== userId) throw notTheOwner();
  return message;
}
