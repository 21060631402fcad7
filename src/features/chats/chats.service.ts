import { isUniqueViolation, type Database } from '../../database/index.js';
import { chatAdvanced, type Publisher } from '../../realtime/index.js';
import { notAuthorized } from '../../shared/errors.js';
import { chatDoesNotExist } from '../participants/index.js';
import { clientIdTaken } from '../messages/index.js';
import { findUsernames } from '../users/index.js';
import { decodeChatCursor } from './chats.cursor.js';
import { chatExists, chatWithYourself, userDoesNotExist } from './chats.errors.js';
import { chatCreated } from './chats.events.js';
import { createChat, findCreated, findPrivateChatId, type NewChat } from './chats.queries.js';
import type {
  ChatList,
  ChatListQuery,
  ChatQuery,
  ChatWithParticipants,
  CreateGroupChat,
  ParticipantList,
  ParticipantListQuery,
} from './chats.schemas.js';
import { addPending } from './pending-participants.js';

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
export async function getChat(
  db: Database,
  userId: number,
  chatId: number,
  { participants }: ChatQuery = {},
): Promise<ChatWithParticipants> {
  const chat = await db.chat.findFor({ userId, chatId, participants });
  if (chat === undefined) throw notAuthorized();
  if (chat === null) throw chatDoesNotExist();
  return chat;
}

/** @throws as getChat. */
export async function getParticipants(
  db: Database,
  userId: number,
  chatId: number,
  { cursor, limit }: ParticipantListQuery,
): Promise<ParticipantList> {
  // One more than asked for says whether there are more.
  const rows = await db.chatParticipant.page(userId, chatId, { after: Number(cursor ?? 0), limit: limit + 1 });
  if (rows === undefined) throw notAuthorized();
  if (rows === null) throw chatDoesNotExist();
  const page = rows.slice(0, limit);
  return {
    next: page.at(-1)?.order.toString() ?? null,
    has_more: rows.length > limit,
    count: page.length,
    participants: page.map(({ user }) => user),
  };
}

/** @throws NOT_AUTHORIZED, CHAT_WITH_YOURSELF, USER_NOT_EXISTS, or CHAT_EXISTS with the chat of the pair. */
export async function openPrivateChat(
  db: Database,
  live: Publisher,
  userId: number,
  otherId: number,
): Promise<ChatWithParticipants> {
  const usernames = await requireUsers(db, userId, [otherId], 'with_user_id');
  await refuseSecondChat(db, userId, otherId);
  try {
    return await openChat(db, live, { type: 'private', creatorId: userId, otherIds: [otherId] }, usernames);
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

/**
 * Opens it once, however often it is asked to under the same client_id.
 * @throws NOT_AUTHORIZED, CHAT_WITH_YOURSELF or USER_NOT_EXISTS; CLIENT_ID_TAKEN when another group was opened under this
 *   client_id; CHAT_DOES_NOT_EXIST for a repeat by somebody who has left the group.
 */
export async function openGroupChat(
  db: Database,
  live: Publisher,
  userId: number,
  { with_ids, name, client_id: clientId }: CreateGroupChat,
): Promise<ChatWithParticipants> {
  const otherIds = [...new Set(with_ids)];
  const earlier = await findEarlierGroup(db, userId, clientId, { name, otherIds });
  if (earlier) return earlier;
  const usernames = await requireUsers(db, userId, otherIds, 'with_ids');
  try {
    return await openChat(db, live, { type: 'group', creatorId: userId, otherIds, name, clientId }, usernames);
  } catch (error) {
    // A repeat that was under way at the same time was quicker.
    const opened = isUniqueViolation(error) && (await findEarlierGroup(db, userId, clientId, { name, otherIds }));
    if (opened) return opened;
    throw error;
  }
}

async function findEarlierGroup(
  db: Database,
  userId: number,
  clientId: string | undefined,
  created: { readonly name: string; readonly otherIds: readonly number[] },
): Promise<ChatWithParticipants | undefined> {
  const found = clientId === undefined ? undefined : await findCreated(db, userId, clientId, created);
  if (!found) return undefined;
  if (!found.isSame) throw clientIdTaken();
  return { ...(await getChat(db, userId, found.id)), deduplicated: true };
}

/**
 * A large group is opened with the first of its people. The others are added one slice after the other, and whatever
 * happens meanwhile, they will be: the answer names them all.
 * @returns the chat as its creator sees it: nothing is read once it is kept, since that could fail.
 */
async function openChat(
  db: Database,
  live: Publisher,
  chat: NewChat,
  usernames: ReadonlyMap<number, string>,
): Promise<ChatWithParticipants> {
  const { creatorId, otherIds } = chat;
  const created = await db.inTransaction(creatorId, (tx) => createChat(tx, chat));
  const ids = [creatorId, ...otherIds];
  const participants = ids.map((id) => ({ id, username: usernames.get(id) ?? '' }));
  const opened: ChatWithParticipants = {
    id: created.id,
    created_at: created.createdAt.toISOString(),
    updated_at: created.updatedAt.toISOString(),
    name: chat.type === 'group' ? chat.name : null,
    type: chat.type,
    last_message: null,
    pts: created.pts,
    last_read_message_id: null,
    unread_count: 0,
    peer: chat.type === 'private' ? (participants[1] ?? null) : null,
    participant_count: participants.length,
    participants,
  };
  announce(live, opened, chat.type === 'private' ? [creatorId] : [creatorId, ...created.addedIds]);
  // The other side sees the creator as its peer.
  if (chat.type === 'private') announce(live, { ...opened, peer: participants[0] ?? null }, otherIds);
  if (created.addedIds.length === otherIds.length) return opened;
  // What fails now is made up for by the sweep.
  const pts = await addPending(db, live, creatorId, created).catch(() => created.pts);
  return { ...opened, pts };
}

/** To give everyone a list of everyone costs the square of their number: in larger chats they ask for it. */
const MAX_ANNOUNCED = 100;

/** Tells the users of a chat that is new to them; of a large one, that it is there. */
export function announce(live: Publisher, chat: ChatWithParticipants, newcomerIds: readonly number[]): void {
  const isSmall = chat.participants.length <= MAX_ANNOUNCED;
  live.tell(newcomerIds, isSmall ? chatCreated(chat) : chatAdvanced(chat.id, chat.pts));
}

/**
 * @returns the usernames of all of them.
 * @throws NOT_AUTHORIZED, CHAT_WITH_YOURSELF or USER_NOT_EXISTS, with the field that names the others.
 */
async function requireUsers(
  db: Database,
  userId: number,
  otherIds: readonly number[],
  field: string,
): Promise<ReadonlyMap<number, string>> {
  const usernames = await findUsernames(db, userId, [userId, ...otherIds]);
  if (!usernames.has(userId)) throw notAuthorized();
  if (otherIds.includes(userId)) throw chatWithYourself({ errors: { [field]: 'This is your own id.' } });
  const unknown = otherIds.find((id) => !usernames.has(id));
  if (unknown !== undefined) throw userDoesNotExist({ errors: { [field]: `There is no user ${unknown}.` } });
  return usernames;
}
