import { readChatInside, type Database } from '../../database/index.js';
import type { Publisher } from '../../realtime/index.js';
import { notAuthorized } from '../../shared/errors.js';
import { beginChange, chatDoesNotExist, recordChange } from '../participants/index.js';
import { findUserIds } from '../users/index.js';
import { notAGroup, notTheCreator, participantDoesNotExist, userDoesNotExist } from './chats.errors.js';
import { chatRead, chatUpdated, participantRemoved, participantsAdded } from './chats.events.js';
import { addParticipants, findKind, isOwner, removeParticipant, removePending, renameChat } from './chats.queries.js';
import type { ChatWithParticipants, ReadMark } from './chats.schemas.js';
import { announce, getChat } from './chats.service.js';

/** The name that the group has already changes nothing. @throws NOT_AUTHORIZED, CHAT_DOES_NOT_EXIST, NOT_A_GROUP. */
export async function changeChat(
  db: Database,
  live: Publisher,
  userId: number,
  chatId: number,
  name: string,
): Promise<ChatWithParticipants> {
  const { event, chat } = await db.inTransaction(userId, async (tx) => {
    const pts = await beginChange(tx, userId, chatId);
    const before = await findKind(tx, chatId);
    if (!before.isGroup) throw notAGroup();
    if (before.name === name) return { event: undefined, chat: await readChatInside(tx, userId, chatId) };
    const data = { name, updated_at: await renameChat(tx, chatId, name) };
    await recordChange(tx, { chatId, pts, type: 'chat.updated', actorId: userId, data });
    const event = chatUpdated(chatId, pts, { ...data, actor_id: userId });
    return { event, chat: await readChatInside(tx, userId, chatId) };
  });
  if (event) live.publish(event);
  return chat;
}

/** @throws NOT_AUTHORIZED, CHAT_DOES_NOT_EXIST, NOT_A_GROUP, USER_NOT_EXISTS. */
export async function addToChat(
  db: Database,
  live: Publisher,
  userId: number,
  chatId: number,
  userIds: readonly number[],
): Promise<ChatWithParticipants> {
  const wanted = [...new Set(userIds)];
  const found = await db.inTurn(userId, () => findUserIds(db, [userId, ...wanted]));
  if (!found.has(userId)) throw notAuthorized();
  const { added, chat } = await db.inTransaction(userId, async (tx) => {
    const pts = await beginChange(tx, userId, chatId);
    const { isGroup, lastMessageId } = await findKind(tx, chatId);
    if (!isGroup) throw notAGroup();
    const unknown = wanted.find((id) => !found.has(id));
    if (unknown !== undefined) throw userDoesNotExist({ errors: { user_ids: `There is no user ${unknown}.` } });
    const users = await addParticipants(tx, chatId, wanted, lastMessageId);
    if (users.length > 0) {
      const data = { user_ids: users.map(({ id }) => id) };
      await recordChange(tx, { chatId, pts, type: 'participant.added', actorId: userId, data });
    }
    return { added: users, chat: await readChatInside(tx, userId, chatId) };
  });
  if (added.length > 0) {
    live.publish(
      participantsAdded(chatId, chat.pts, {
        users: added,
        participant_count: chat.participant_count,
        actor_id: userId,
      }),
    );
    announce(
      live,
      chat,
      added.map(({ id }) => id),
    );
  }
  return chat;
}

/**
 * Leaves the group, or removes another from it.
 * @throws NOT_AUTHORIZED, CHAT_DOES_NOT_EXIST, NOT_A_GROUP, NOT_THE_CREATOR, PARTICIPANT_DOES_NOT_EXIST.
 */
export async function removeFromChat(
  db: Database,
  live: Publisher,
  userId: number,
  chatId: number,
  removedId: number,
): Promise<void> {
  const removal = await db.inTransaction(userId, async (tx) => {
    const pts = await beginChange(tx, userId, chatId);
    if (!(await findKind(tx, chatId)).isGroup) throw notAGroup();
    if (removedId !== userId && !(await isOwner(tx, chatId, userId))) throw notTheCreator();
    const wasPending = await removePending(tx, chatId, removedId);
    if (!(await removeParticipant(tx, chatId, removedId))) {
      if (wasPending) return undefined;
      throw participantDoesNotExist();
    }
    const data = { user_id: removedId };
    const change = { chatId, pts, type: 'participant.removed', actorId: userId, data } as const;
    return { pts, participant_count: await recordChange(tx, change) };
  });
  if (!removal) return;
  const { pts, participant_count } = removal;
  live.publish(participantRemoved(chatId, pts, { user_id: removedId, participant_count, actor_id: userId }));
}

/** Moves the user's mark on to the message. @throws NOT_AUTHORIZED, CHAT_DOES_NOT_EXIST. */
export async function readChat(
  db: Database,
  live: Publisher,
  userId: number,
  chatId: number,
  messageId: number,
): Promise<ReadMark> {
  const mark = await db.chatParticipant.moveReadMark(userId, chatId, messageId);
  if (!mark) {
    // Nothing was kept. Says whether the user is gone, or only not in the chat.
    await getChat(db, userId, chatId);
    throw chatDoesNotExist();
  }
  const { lastReadId, unreadCount, moved, isSmall } = mark;
  if (moved && lastReadId !== null) {
    const event = chatRead(chatId, userId, lastReadId);
    if (isSmall) live.publish(event);
    else live.tell([userId], event);
  }
  return { chat_id: chatId, last_read_message_id: lastReadId, unread_count: unreadCount };
}
