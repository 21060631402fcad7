import type { Context } from '../../changes/index.js';
import type { Transaction } from '../../database/index.js';
import { notAuthorized } from '../../shared/errors.js';
import { readTime } from '../../shared/read-time.js';
import type { Right } from '../../shared/rights.js';
import { requireGroupRight } from '../participants/index.js';
import { findUserIds } from '../users/index.js';
import { makeToken } from './invite-token.js';
import {
  linkProjection,
  type CreateInviteLink,
  type InviteLink,
  type InviteLinkList,
  type NewInviteLink,
} from './invite-links.schemas.js';
import { inviteDoesNotExist, tooManyInvites } from './invites.errors.js';

const MAX_LINKS = 100;

/** Asks within a transaction whether the user may. @throws NOT_AUTHORIZED, CHAT_DOES_NOT_EXIST, NOT_A_GROUP, RIGHT_MISSING. */
export function withRight<Answer>(
  { db }: Context,
  { userId, chatId, right }: { readonly userId: number; readonly chatId: number; readonly right: Right },
  work: (tx: Transaction) => Promise<Answer>,
): Promise<Answer> {
  return db.inTransaction(userId, async (tx) => {
    if (!(await findUserIds(tx, [userId])).has(userId)) throw notAuthorized();
    await requireGroupRight(tx, chatId, userId, right);
    return work(tx);
  });
}

/** @throws TOO_MANY_INVITES, and see withRight. */
export function createLink(
  context: Context,
  userId: number,
  chatId: number,
  { label, expires_at, max_uses, needs_approval = false }: CreateInviteLink,
): Promise<NewInviteLink> {
  const expires = expires_at === undefined ? null : readTime('expires_at', expires_at);
  const { token, hash } = makeToken();
  return withRight(context, { userId, chatId, right: 'invite' }, async (tx) => {
    // Links are counted one after the other.
    await tx.$queryRaw`select from public.chat where id = ${chatId} for no key update`;
    const where = { chat_id: BigInt(chatId), revoked_at: null };
    if ((await tx.inviteLink.count({ where })) >= MAX_LINKS) throw tooManyInvites();
    const { id } = await tx.inviteLink.create({
      data: {
        ...{ chat_id: BigInt(chatId), creator_id: BigInt(userId), token_hash: hash },
        ...{ label: label ?? null, expires_at: expires, max_uses: max_uses ?? null, needs_approval },
      },
      select: { id: true },
    });
    const [link] = await tx.$queryRawUnsafe<[{ link: InviteLink }]>(
      `select ${linkProjection.json('link')} as link from public.invite_link link where id = $1::int8`,
      id,
    );
    return { ...link.link, token };
  });
}

/** @throws see withRight. */
export function getLinks(context: Context, userId: number, chatId: number): Promise<InviteLinkList> {
  return withRight(context, { userId, chatId, right: 'invite' }, async (tx) => {
    const rows = await tx.$queryRawUnsafe<{ link: InviteLink }[]>(
      `select ${linkProjection.json('link')} as link from public.invite_link link
      where chat_id = $1::int8 and revoked_at is null order by id desc`,
      chatId,
    );
    return { links: rows.map(({ link }) => link) };
  });
}

/** @throws INVITE_DOES_NOT_EXIST, and see withRight. */
export function revokeLink(context: Context, userId: number, chatId: number, linkId: number): Promise<void> {
  return withRight(context, { userId, chatId, right: 'invite' }, async (tx) => {
    const { count } = await tx.inviteLink.updateMany({
      where: { id: BigInt(linkId), chat_id: BigInt(chatId), revoked_at: null },
      data: { revoked_at: new Date() },
    });
    if (count === 0) throw inviteDoesNotExist();
  });
}
