import { chatDoesNotExist, publishOwnChange, type Context } from '../../changes/index.js';
import { getChat } from '../chats/index.js';
import { readMarkMoved } from './read.changes.js';
import { READ_EVENT } from './reads.events.js';
import type { ReadMark } from './reads.schemas.js';

/** Moves the user's mark on to the message. @throws NOT_AUTHORIZED, CHAT_DOES_NOT_EXIST. */
export async function readChat(context: Context, userId: number, chatId: number, messageId: number): Promise<ReadMark> {
  const mark = await context.statements.participant.moveReadMark(userId, chatId, messageId);
  if (!mark) {
    // Nothing was kept. Says whether the user is gone, or only not in the chat.
    await getChat(context, userId, chatId);
    throw chatDoesNotExist();
  }
  const { lastReadId, unreadCount, mePts, isSmall } = mark;
  const data = { chat_id: chatId, last_read_message_id: lastReadId, unread_count: unreadCount };
  if (mePts !== null && lastReadId !== null) {
    publishOwnChange(context, readMarkMoved, userId, { mePts, data });
    const event = { type: READ_EVENT, chatId, data: { user_id: userId, message_id: lastReadId } };
    if (isSmall) context.live.publish(event);
    else context.live.publishToUsers([userId], event);
  }
  return data;
}
