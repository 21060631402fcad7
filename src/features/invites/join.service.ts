import type { Context } from '../../changes/index.js';
import type { Transaction } from '../../database/index.js';
import { notAuthorized } from '../../shared/errors.js';
import { refuseBanned } from '../participants/index.js';
import { findMissing, findUserIds } from '../users/index.js';
import { addJoiner } from './add-joiner.js';
import { inviteNotValid } from './invites.errors.js';
import { JOIN_REQUESTED } from './invites.events.js';
import { addRequest, findDeciders, findLink, hasAsked, isParticipant, useLink } from './invites.queries.js';
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
  return addJoiner(context, { userId, chatId }, async (tx) => {
    if (!(await useLink(tx, link.id))) throw inviteNotValid();
  });
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
