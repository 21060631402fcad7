import { chatDoesNotExist, commitChange, type Context } from '../../changes/index.js';
import { notAuthorized } from '../../shared/errors.js';
import { placePage } from '../../shared/place-pages.js';
import {
  announce,
  findKind,
  isOwner,
  notAGroup,
  notTheCreator,
  readChat,
  type ChatWithParticipants,
} from '../chats/index.js';
import type { ShortUser } from '../users/index.js';
import { participantAdded, participantRemoved } from './participant.changes.js';
import { requireMet } from './missing-people.js';
import { participantDoesNotExist } from './participants.errors.js';
import { addParticipants, findHistoryStart, removeParticipant, removePending } from './participants.queries.js';
import type { ParticipantList, ParticipantListQuery } from './participants.schemas.js';

/** @throws NOT_AUTHORIZED when the user is gone; CHAT_DOES_NOT_EXIST when they take no part in such a chat. */
export async function getParticipants(
  { statements }: Context,
  userId: number,
  chatId: number,
  { cursor, limit }: ParticipantListQuery,
): Promise<ParticipantList> {
  // One more than asked for says whether there are more.
  const rows = await statements.participant.page(userId, chatId, { after: Number(cursor ?? 0), limit: limit + 1 });
  if (rows === undefined) throw notAuthorized();
  if (rows === null) throw chatDoesNotExist();
  const { page, fields } = placePage(rows, limit, ({ order }) => order);
  return { ...fields, participants: page.map(({ user }) => user as ShortUser) };
}

/** @throws NOT_AUTHORIZED, CHAT_DOES_NOT_EXIST, NOT_A_GROUP, USER_NOT_EXISTS. */
export async function addToChat(
  context: Context,
  userId: number,
  chatId: number,
  userIds: readonly number[],
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
        const { isGroup, lastMessageId } = await findKind(tx, chatId);
        if (!isGroup) throw notAGroup();
        await requireMet(tx, userId, wanted, 'user_ids');
        // Else one could read what is hidden from oneself by another account.
        const historyFromId = await findHistoryStart(tx, chatId, userId);
        last.messageId = lastMessageId;
        const user_ids = await addParticipants(tx, chatId, wanted, { lastMessageId, historyFromId, pts });
        return user_ids.length > 0 ? { user_ids } : undefined;
      },
      answer: async (tx, change) => {
        return { chat: await readChat(tx, model, userId, chatId), added: change?.stored.user_ids ?? [] };
      },
    },
  );
  announce(live, chat, added, last.messageId);
  return chat;
}

/**
 * Leaves the group, or removes another from it.
 * @throws NOT_AUTHORIZED, CHAT_DOES_NOT_EXIST, NOT_A_GROUP, NOT_THE_CREATOR, PARTICIPANT_DOES_NOT_EXIST.
 */
export async function removeFromChat(
  context: Context,
  userId: number,
  chatId: number,
  removedId: number,
): Promise<void> {
  await commitChange(
    context,
    participantRemoved,
    { chatId, actorId: userId },
    {
      write: async (tx) => {
        if (!(await findKind(tx, chatId)).isGroup) throw notAGroup();
        if (removedId !== userId && !(await isOwner(tx, chatId, userId))) throw notTheCreator();
        const wasPending = await removePending(tx, chatId, removedId);
        if (await removeParticipant(tx, chatId, removedId)) return { user_id: removedId };
        if (!wasPending) throw participantDoesNotExist();
        return undefined;
      },
      answer: () => Promise.resolve(),
    },
  );
}
