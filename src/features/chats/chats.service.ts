import { isUniqueViolation, type Database } from '../../database/index.js';
import { chatAdvanced, type Publisher } from '../../realtime/index.js';
import { notAuthorized } from '../../shared/errors.js';
import { chatDoesNotExist } from '../participants/index.js';
import { findUserIds } from '../users/index.js';
import { decodeChatCursor } from './chats.cursor.js';
import { chatExists, chatWithYourself, userDoesNotExist } from './chats.errors.js';
import { chatCreated } from './chats.events.js';
import { CREATION_PTS, createGroupChat, createPrivateChat, findPrivateChatId } from './chats.queries.js';
import type { ChatList, ChatListQuery, ChatWithParticipants } from './chats.schemas.js';

/** @throws NOT_AUTHORIZED when the user is gone; VALIDATION_ERROR for a cursor that no page has given. */
export async function getChats(db: Database, userId: number, { cursor, limit }: ChatListQuery): Promise<ChatList> {
  const before = cursor === undefined ? Infinity : decodeChatCursor(cursor);
  // One more than the page has: it tells whether there is another page.
  const rows = await db.chat.list(userId, before, limit + 1);
  if (rows === undefined) throw notAuthorized();
  const next = rows.slice(0, limit).at(-1)?.last_activity_at ?? null;
  // A page ends between two instants, because its cursor is a time.
  const page = rows.filter(({ last_activity_at }, index) => index < limit || last_activity_at === next);
  // When the chats of its last instant reach beyond the page, what was read does not tell. That is rare.
  const isOpen = rows.length > limit && page.length === rows.length;
  const has_more = isOpen ? await hasChatBefore(db, userId, next) : page.length < rows.length;
  return { next, has_more, count: page.length, chats: page.map(({ chat }) => chat) };
}

async function hasChatBefore(db: Database, userId: number, activity: string | null): Promise<boolean> {
  const rows = activity === null ? [] : await db.chat.list(userId, Date.parse(activity), 1);
  return (rows ?? []).length > 0;
}

/** @throws NOT_AUTHORIZED when the user is gone; CHAT_DOES_NOT_EXIST when they take no part in such a chat. */
export async function getChat(db: Database, userId: number, chatId: number): Promise<ChatWithParticipants> {
  const chat = await db.chat.findFor(userId, chatId);
  if (chat === undefined) throw notAuthorized();
  if (chat === null) throw chatDoesNotExist();
  return chat;
}

/** @throws NOT_AUTHORIZED, CHAT_WITH_YOURSELF, USER_NOT_EXISTS, or CHAT_EXISTS with the chat of the pair. */
export async function openPrivateChat(
  db: Database,
  live: Publisher,
  userId: number,
  otherId: number,
): Promise<ChatWithParticipants> {
  await requireUsers(db, userId, [otherId], 'with_user_id');
  await refuseSecondChat(db, userId, otherId);
  try {
    const chatId = await db.$transaction((tx) => createPrivateChat(tx, userId, otherId));
    return await announceChat(db, live, userId, { chatId, pts: CREATION_PTS }, [userId, otherId]);
  } catch (error) {
    // The other side, or another device, was quicker.
    if (isUniqueViolation(error)) await refuseSecondChat(db, userId, otherId);
    throw error;
  }
}

async function refuseSecondChat(db: Database, userId: number, otherId: number): Promise<void> {
  const chat_id = await findPrivateChatId(db, userId, otherId);
  if (chat_id !== undefined) throw chatExists({ chat_id });
}

/** @throws NOT_AUTHORIZED, CHAT_WITH_YOURSELF or USER_NOT_EXISTS. */
export async function openGroupChat(
  db: Database,
  live: Publisher,
  userId: number,
  withIds: readonly number[],
  name: string,
): Promise<ChatWithParticipants> {
  const otherIds = [...new Set(withIds)];
  await requireUsers(db, userId, otherIds, 'with_ids');
  const chatId = await db.$transaction((tx) => createGroupChat(tx, userId, otherIds, name));
  return announceChat(db, live, userId, { chatId, pts: CREATION_PTS }, [userId, ...otherIds]);
}

/** To give everyone a list of everyone costs the square of their number: in larger chats they ask for it. */
const MAX_ANNOUNCED = 100;

/**
 * Tells the users of a chat that is new to them since its change `pts`. When more has happened in it already, they ask for
 * it: what they have read of that is their own.
 * @returns the chat as the first user sees it.
 */
export async function announceChat(
  db: Database,
  live: Publisher,
  userId: number,
  { chatId, pts }: { readonly chatId: number; readonly pts: number },
  newcomerIds: readonly number[],
): Promise<ChatWithParticipants> {
  const chat = await getChat(db, userId, chatId);
  const isWhole = chat.pts === pts && chat.participants.length <= MAX_ANNOUNCED;
  live.tell(newcomerIds, isWhole ? chatCreated(chat) : chatAdvanced(chatId, chat.pts));
  return chat;
}

/** @throws NOT_AUTHORIZED, CHAT_WITH_YOURSELF or USER_NOT_EXISTS, with the field that names the others. */
async function requireUsers(db: Database, userId: number, otherIds: number[], field: string): Promise<void> {
  const found = await findUserIds(db, [userId, ...otherIds]);
  if (!found.has(userId)) throw notAuthorized();
  if (otherIds.includes(userId)) throw chatWithYourself({ errors: { [field]: 'This is your own id.' } });
  const unknown = otherIds.find((id) => !found.has(id));
  if (unknown !== undefined) throw userDoesNotExist({ errors: { [field]: `There is no user ${unknown}.` } });
}
