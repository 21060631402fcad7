import { chatDoesNotExist, commitOwnChange, publishOwnChange, type Context } from '../../changes/index.js';
import { getChat } from '../chats/index.js';
import type { Send } from '../feature.js';
import { readMarkMoved } from './read.changes.js';
import { READ_EVENT } from './reads.events.js';
import { lockMark, writeMark } from './reads.queries.js';
import type { ReadMark } from './reads.schemas.js';

/** Moves the user's mark on to the message; the chat is not marked as unread any more. @throws NOT_AUTHORIZED, CHAT_DOES_NOT_EXIST. */
export async function readChat(context: Context, userId: number, chatId: number, messageId: number): Promise<ReadMark> {
  const mark = await context.statements.participant.moveReadMark(userId, chatId, messageId);
  if (!mark) {
    // Nothing was kept. Says whether the user is gone, or only not in the chat.
    await getChat(context, userId, chatId, { participants: 0 });
    throw chatDoesNotExist();
  }
  const { lastReadId, unreadCount, unreadMentions, mePts, hasMoved } = mark;
  const data = {
    ...{ chat_id: chatId, last_read_message_id: lastReadId, unread_count: unreadCount },
    ...{ marked_unread: false, unread_mentions: unreadMentions },
  };
  if (mePts !== null) publishOwnChange(context, readMarkMoved, userId, { mePts, data });
  if (hasMoved && lastReadId !== null) {
    publishMark(context, READ_EVENT, { chatId, userId, messageId: lastReadId }, mark);
  }
  return data;
}

/** Tells those who may know of it, and always the user's own devices. */
export function publishMark(
  { live }: Pick<Context, 'live'>,
  type: string,
  { chatId, userId, messageId }: { readonly chatId: number; readonly userId: number; readonly messageId: number },
  { isShown, told }: { readonly isShown: boolean; readonly told: readonly number[] | null },
): void {
  const event = { type, chatId, data: { user_id: userId, message_id: messageId } };
  if (isShown && told === null) live.publish(event);
  else live.publishToUsers([...new Set([userId, ...(isShown ? (told ?? []) : [])])], event);
}

/** Marks the chat as unread, whatever has been read. @throws NOT_AUTHORIZED, CHAT_DOES_NOT_EXIST. */
export async function markUnread(context: Context, userId: number, chatId: number): Promise<ReadMark> {
  await setMarkedUnread(context, userId, chatId, true);
  const chat = await getChat(context, userId, chatId, { participants: 0 });
  const { last_read_message_id, unread_count, marked_unread, unread_mentions } = chat;
  return { chat_id: chatId, last_read_message_id, unread_count, marked_unread, unread_mentions };
}

/** What is so already changes nothing. */
async function setMarkedUnread(context: Context, userId: number, chatId: number, wanted: boolean): Promise<void> {
  await commitOwnChange(context, readMarkMoved, userId, {
    write: async (tx, next) => {
      if (!(await lockMark(tx, userId, chatId, !wanted))) return undefined;
      await writeMark(tx, userId, chatId, { marked_unread: wanted, read_me_pts: await next() });
      return chatId;
    },
    answer: () => Promise.resolve(),
  });
}

/** A user who writes in a chat has seen it. */
export function clearAfterSend(context: Context, { userId, chatId, wasMarkedUnread }: Send): Promise<void> | undefined {
  return wasMarkedUnread ? setMarkedUnread(context, userId, chatId, false) : undefined;
}
