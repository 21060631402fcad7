import { chatDoesNotExist, commitChange, readStanding, requireRight, type Context } from '../../changes/index.js';
import type { Transaction } from '../../database/index.js';
import { notAuthorized } from '../../shared/errors.js';
import { isAbove } from '../../shared/rights.js';
import { placePage } from '../../shared/place-pages.js';
import {
  MAX_ANNOUNCED,
  announce,
  findKind,
  notAGroup,
  notTheCreator,
  readChat,
  type ChatQuery,
  type ChatWithParticipants,
} from '../chats/index.js';
import type { ShortUser } from '../users/index.js';
import { requireNoneBanned } from './banned.js';
import { participantAdded, participantRemoved } from './participant.changes.js';
import { requireMet } from './missing-people.js';
import { addNewcomers } from './newcomers.js';
import { requireGroupRight } from './group-right.js';
import { participantDoesNotExist, rankTooLow } from './participants.errors.js';
import { findHistoryStart, removeParticipant, removePending, type RoleGiven } from './participants.queries.js';
import { tellOfRole } from './tell-of-role.js';
import type { ParticipantList, ParticipantListQuery } from './participants.schemas.js';

/** @throws NOT_AUTHORIZED when the user is gone; CHAT_DOES_NOT_EXIST when they take no part in such a chat. */
export async function getParticipants(
  { statements }: Context,
  userId: number,
  chatId: number,
  { cursor, limit, name }: ParticipantListQuery,
): Promise<ParticipantList> {
  // One more than asked for says whether there are more.
  const rows = await statements.participant.page(userId, chatId, {
    ...{ after: Number(cursor ?? 0), limit: limit + 1, name },
  });
  if (rows === undefined) throw notAuthorized();
  if (rows === null) throw chatDoesNotExist();
  const { page, fields } = placePage(rows, limit, ({ order }) => order);
  return { ...fields, participants: page.map(({ user, role }) => ({ ...(user as ShortUser), role })) };
}

/** @throws NOT_AUTHORIZED, CHAT_DOES_NOT_EXIST, NOT_A_GROUP, RIGHT_MISSING, USER_NOT_EXISTS, BANNED. */
export async function addToChat(
  context: Context,
  userId: number,
  chatId: number,
  userIds: readonly number[],
  { participants }: ChatQuery = {},
): Promise<ChatWithParticipants> {
  const { model, live } = context;
  const wanted = [...new Set(userIds)];
  const last: { messageId: number | null } = { messageId: null };
  const { chat, added } = await commitChange(
    context,
    participantAdded,
    { chatId, actorId: userId },
    {
      write: async (tx, pts) => {
        await requireGroupRight(tx, chatId, userId, 'add_member');
        await requireMet(tx, userId, wanted, 'user_ids');
        await requireNoneBanned(tx, chatId, wanted, 'user_ids');
        const ownStart = await findHistoryStart(tx, chatId, userId);
        const { ids, lastMessageId } = await addNewcomers(tx, chatId, wanted, { pts, ownStart });
        last.messageId = lastMessageId;
        return ids.length > 0 ? { user_ids: ids } : undefined;
      },
      answer: async (tx, change) => {
        // Newcomers are told who is in a small group, however many the caller wants named.
        const named = participants === undefined ? undefined : Math.max(participants, MAX_ANNOUNCED + 1);
        return { chat: await readChat(tx, model, userId, chatId, named), added: change?.stored.user_ids ?? [] };
      },
    },
  );
  announce(live, chat, added, last.messageId);
  return { ...chat, participants: chat.participants.slice(0, participants) };
}

/**
 * Leaves the group, or removes another from it.
 * @throws NOT_AUTHORIZED, CHAT_DOES_NOT_EXIST, NOT_A_GROUP, NOT_THE_CREATOR without the right, RANK_TOO_LOW,
 *   PARTICIPANT_DOES_NOT_EXIST.
 */
export async function removeFromChat(
  context: Context,
  userId: number,
  chatId: number,
  removedId: number,
): Promise<void> {
  let heir: RoleGiven | undefined;
  await commitChange(
    context,
    participantRemoved,
    { chatId, actorId: userId },
    {
      write: async (tx) => {
        if (!(await findKind(tx, chatId)).isGroup) throw notAGroup();
        if (removedId !== userId) await requireMayRemove(tx, chatId, userId, removedId);
        const wasPending = await removePending(tx, chatId, removedId);
        const removal = await removeParticipant(tx, chatId, removedId);
        heir = removal?.heir;
        if (removal) return { user_id: removedId, ...(heir && { owner_id: heir.userId }) };
        if (!wasPending) throw participantDoesNotExist();
        return undefined;
      },
      answer: () => Promise.resolve(),
    },
  );
  tellOfRole(context.live, heir);
}

/** @throws NOT_THE_CREATOR, the code of existing clients, without the right; RANK_TOO_LOW for somebody who is not below. */
async function requireMayRemove(tx: Transaction, chatId: number, userId: number, removedId: number): Promise<void> {
  const { role } = await requireRight(tx, chatId, userId, 'remove_member', notTheCreator);
  const other = await readStanding(tx, chatId, removedId);
  if (other && !isAbove(role, other.rank)) throw rankTooLow();
}
