import { chatDoesNotExist, commitChange, type Context, type StoredOf } from '../../changes/index.js';
import type { Statements } from '../../database/index.js';
import { customDataDifference, patchCustomData } from '../../shared/custom-data.js';
import { notAuthorized } from '../../shared/errors.js';
import { chatUpdated } from './chat.changes.js';
import { decodeChatCursor } from './chats.cursor.js';
import { notAGroup, notTheCreator } from './chats.errors.js';
import { isOwner, readChat, readDetails, updateDetails, type ChatDetails } from './chats.queries.js';
import type { ChangeChat, Chat, ChatList, ChatListQuery, ChatQuery, ChatWithParticipants } from './chats.schemas.js';

/**
 * @param within the chats that are listed; undefined: all.
 * @throws NOT_AUTHORIZED when the user is gone; VALIDATION_ERROR for a cursor that no page has given.
 */
export async function getChats(
  { statements }: Context,
  userId: number,
  { cursor, limit, ...shown }: ChatListQuery,
  within: ReadonlySet<number> | undefined,
): Promise<ChatList> {
  const filter = { ...shown, within };
  const before = cursor === undefined ? Infinity : decodeChatCursor(cursor);
  // One more than the page has: it tells whether there is another page.
  const rows = await statements.chat.list(userId, { before, limit: limit + 1, ...filter });
  if (rows === undefined) throw notAuthorized();
  const next = rows.slice(0, limit).at(-1)?.last_activity_at ?? null;
  // A page ends between two instants, because its cursor is a time.
  const page = rows.filter(({ last_activity_at }, index) => index < limit || last_activity_at === next);
  // When the chats of its last instant reach beyond the page, what was read does not tell. That is rare.
  const isOpen = rows.length > limit && page.length === rows.length;
  const has_more = isOpen ? await hasChatBefore(statements, userId, next, filter) : page.length < rows.length;
  return { next, has_more, count: page.length, chats: page.map(({ chat }) => chat as Chat) };
}

async function hasChatBefore(
  { chat }: Statements,
  userId: number,
  activity: string | null,
  filter: Pick<ChatListQuery, 'archived' | 'pinned'> & { within: ReadonlySet<number> | undefined },
): Promise<boolean> {
  if (activity === null) return false;
  const rows = await chat.list(userId, { before: Date.parse(activity), limit: 1, ...filter });
  return (rows ?? []).length > 0;
}

/** @throws NOT_AUTHORIZED when the user is gone; CHAT_DOES_NOT_EXIST when they take no part in such a chat. */
export async function getChat(
  { statements }: Pick<Context, 'statements'>,
  userId: number,
  chatId: number,
  { participants }: ChatQuery = {},
): Promise<ChatWithParticipants> {
  const chat = await statements.chat.find({ userId, chatId, participants });
  if (chat === undefined) throw notAuthorized();
  if (chat === null) throw chatDoesNotExist();
  return chat as ChatWithParticipants;
}

/**
 * What is the same already changes nothing.
 * @throws NOT_AUTHORIZED, CHAT_DOES_NOT_EXIST, NOT_A_GROUP; NOT_THE_CREATOR for custom data by others than the owner;
 *   VALIDATION_ERROR for too much of it.
 */
export function changeChat(
  context: Context,
  userId: number,
  chatId: number,
  change: ChangeChat,
): Promise<ChatWithParticipants> {
  return commitChange(
    context,
    chatUpdated,
    { chatId, actorId: userId },
    {
      write: async (tx) => {
        const before = await readDetails(tx, chatId);
        if (before.name === null) throw notAGroup();
        if (change.custom && !(await isOwner(tx, chatId, userId))) throw notTheCreator();
        const after = applyDetails(before, change);
        const difference = differenceOf(before, after);
        return difference && { ...difference, updated_at: await updateDetails(tx, chatId, after) };
      },
      answer: (tx) => readChat(tx, context.model, userId, chatId),
    },
  );
}

/** What is not given stays. Of custom data only the names that are given change. @throws VALIDATION_ERROR for too much of it. */
export function applyDetails(before: ChatDetails, change: Partial<ChatDetails>): ChatDetails {
  const { name = before.name, avatar_url = before.avatar_url } = change;
  const patched = (field: 'custom' | 'trusted' | 'internal') => patchCustomData(field, before[field], change[field]);
  return {
    ...{ name, avatar_url },
    ...{ custom: patched('custom'), trusted: patched('trusted'), internal: patched('internal') },
  };
}

/** What the log has of a change: always the name, which clients of the first version expect. undefined: nothing changes. */
export function differenceOf(
  before: ChatDetails,
  after: ChatDetails,
): Omit<StoredOf<typeof chatUpdated>, 'updated_at'> | undefined {
  const custom = customDataDifference(before.custom, after.custom);
  const trusted = customDataDifference(before.trusted, after.trusted);
  const { name, avatar_url } = after;
  const hasOtherAvatar = avatar_url !== before.avatar_url;
  if (name === before.name && !hasOtherAvatar && !custom && !trusted) return undefined;
  return { name, ...(hasOtherAvatar && { avatar_url }), ...(custom && { custom }), ...(trusted && { trusted }) };
}
