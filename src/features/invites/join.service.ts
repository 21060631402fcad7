import { commitChange, type Context } from '../../changes/index.js';
import type { Transaction } from '../../database/index.js';
import { chatAdvanced } from '../../realtime/index.js';
import { notAuthorized } from '../../shared/errors.js';
import { addNewcomers, participantAdded, refuseBanned } from '../participants/index.js';
import { findMissing, findUserIds } from '../users/index.js';
import { inviteNotValid } from './invites.errors.js';
import { JOIN_REQUESTED } from './invites.events.js';
import {
  addRequest,
  findDeciders,
  findLink,
  hasAsked,
  isParticipant,
  removeRequest,
  useLink,
} from './invites.queries.js';
import type { InvitePreview, Joining } from './join.schemas.js';

/** The link that the token opens for the user, who may be in its group. @throws NOT_AUTHORIZED, INVITE_NOT_VALID, BANNED. */
async function openLink(tx: Transaction, userId: number, token: string) {
  if (!(await findUserIds(tx, [userId])).has(userId)) throw notAuthorized();
  const link = await findLink(tx, token);
  if (!link) throw inviteNotValid();
  const isIn = await isParticipant(tx, link.chatId, userId);
  if (isIn) return { ...link, isIn, asked: false };
  // People whom the host application keeps apart by teams do not meet by a link either.
  await refuseBanned(tx, link.chatId, userId);
  const isMet = (await findMissing(tx, userId, [link.creatorId])) === undefined;
  const asked = isMet && (await hasAsked(tx, link.chatId, userId));
  if (!isMet || (!link.isOpen && !asked)) throw inviteNotValid();
  return { ...link, isIn, asked };
}

/** @throws NOT_AUTHORIZED, INVITE_NOT_VALID. */
export function preview({ db }: Context, userId: number, token: string): Promise<InvitePreview> {
  return db.inTransaction(userId, async (tx) => {
    const { chatId, needsApproval, isIn, asked } = await openLink(tx, userId, token);
    const group = await tx.chat.findUniqueOrThrow({
      where: { id: BigInt(chatId) },
      select: { name: true, description: true, avatar_url: true, participant_count: true },
    });
    return { ...group, needs_approval: needsApproval, has_asked: asked, chat_id: isIn ? chatId : null };
  });
}

/** @throws NOT_AUTHORIZED, INVITE_NOT_VALID. */
export async function join(context: Context, userId: number, token: string): Promise<Joining> {
  const { db } = context;
  const link = await db.inTurn(userId, () => openLink(db, userId, token));
  const { chatId } = link;
  if (link.isIn) return { outcome: 'joined', chat_id: chatId };
  if (link.asked) return { outcome: 'asked', chat_id: null };
  if (link.needsApproval) return ask(context, userId, link);
  const change = await commitChange(
    context,
    participantAdded,
    { chatId, actorId: userId, byServer: true },
    {
      write: async (tx, pts) => {
        // Of many requests of one user the first uses the link.
        if (await isParticipant(tx, chatId, userId)) return undefined;
        await refuseBanned(tx, chatId, userId);
        if (!(await useLink(tx, link.id))) throw inviteNotValid();
        await removeRequest(tx, chatId, userId);
        const { ids } = await addNewcomers(tx, chatId, [userId], { pts, ownStart: null });
        if (ids.length === 0) throw notAuthorized();
        return { user_ids: ids };
      },
      answer: (_tx, change) => Promise.resolve(change),
    },
  );
  if (change) context.live.publishToUsers([userId], chatAdvanced(chatId, change.pts));
  return { outcome: 'joined', chat_id: chatId };
}

async function ask(
  { db, live }: Context,
  userId: number,
  { id, chatId }: { readonly id: number; readonly chatId: number },
): Promise<Joining> {
  const deciders = await db.inTransaction(userId, async (tx) => {
    await refuseBanned(tx, chatId, userId);
    if (!(await addRequest(tx, chatId, userId))) return [];
    if (!(await useLink(tx, id))) throw inviteNotValid();
    return findDeciders(tx, chatId);
  });
  live.publishToUsers(deciders, { type: JOIN_REQUESTED, chatId, data: { user_id: userId } });
  return { outcome: 'asked', chat_id: null };
}
