import { audit } from '../../audit/index.js';
import { commitChange, readStanding, type Context } from '../../changes/index.js';
import { placePage } from '../../shared/place-pages.js';
import { readUntil } from '../../shared/read-until.js';
import { withRight } from '../invites/index.js';
import {
  participantRemoved,
  rankTooLow,
  removeParticipant,
  removePending,
  requireMet,
  tellOfRole,
  type RoleGiven,
} from '../participants/index.js';
import { findKind, notAGroup } from '../chats/index.js';
import { insertRemoval } from './message-removal.queries.js';
import type { Moderator } from './moderator.js';
import { requireModerator } from './restrictions.service.js';
import {
  findSanction,
  isSame,
  keepSanction,
  listSanctions,
  removeEndedBans,
  removeSanction,
  type SanctionKind,
  type Target,
} from './sanctions.queries.js';
import type { Ban, SanctionList, SanctionQuery } from './sanctions.schemas.js';

/**
 * Takes somebody out of the group, who may have left already, and lets them not come back. What is so already changes nothing.
 * @throws NOT_AUTHORIZED, CHAT_DOES_NOT_EXIST, NOT_A_GROUP, RIGHT_MISSING, RESTRICTED, RANK_TOO_LOW; USER_NOT_EXISTS for somebody outside whom the
 *   moderator may not know; VALIDATION_ERROR for a time that has passed.
 */
export async function ban(
  context: Context,
  moderator: Moderator,
  { chatId, userId }: Target,
  { reason, until: untilText, delete_messages = 'none' }: Ban,
): Promise<void> {
  const until = readUntil(untilText);
  const { userId: actorId, actor, isAdmin = false } = moderator;
  let heir: RoleGiven | undefined;
  await commitChange(
    context,
    participantRemoved,
    { chatId, actorId, byServer: isAdmin },
    {
      write: async (tx) => {
        if (!(await findKind(tx, chatId)).isGroup) throw notAGroup();
        const mayActOn = await requireModerator(tx, moderator, chatId);
        const other = await readStanding(tx, chatId, userId);
        if (!isAdmin && (other ? !mayActOn(other.rank) : userId === actorId)) throw rankTooLow();
        if (!other && !isAdmin) await requireMet(tx, actorId, [userId], 'user_id');
        await removeEndedBans(tx, chatId);
        const before = await findSanction(tx, { chatId, userId }, 'ban');
        if (!isSame(before, { reason, until }) || delete_messages !== 'none') {
          await keepSanction(tx, chatId, { userId, kind: 'ban', until, reason, roleBefore: null }, actorId);
          const details = { chat_id: chatId, reason, until: until?.toISOString() ?? null, delete_messages };
          await audit(tx, { actor, action: 'chat.member_banned', userId, details });
          await insertRemoval(tx, { authorId: userId, chatId, actorId, which: delete_messages });
        }
        await tx.joinRequest.deleteMany({ where: { chat_id: BigInt(chatId), user_id: BigInt(userId) } });
        await removePending(tx, chatId, userId);
        const removal = await removeParticipant(tx, chatId, userId);
        heir = removal?.heir;
        return removal && { user_id: userId, ...(heir && { owner_id: heir.userId }) };
      },
      answer: () => Promise.resolve(),
    },
  );
  tellOfRole(context.live, heir);
}

/** Where there is none nothing changes. @throws NOT_AUTHORIZED, CHAT_DOES_NOT_EXIST, NOT_A_GROUP, RIGHT_MISSING, RESTRICTED. */
export function liftBan(context: Context, { userId: actorId, actor }: Moderator, target: Target): Promise<void> {
  const { chatId, userId } = target;
  return withRight(context, { userId: actorId, chatId, right: 'moderate' }, async (tx) => {
    if (!(await removeSanction(tx, target, 'ban'))) return;
    await audit(tx, { actor, action: 'chat.member_unbanned', userId, details: { chat_id: chatId } });
  });
}

/** @throws as above. */
export function getSanctions(
  context: Context,
  userId: number,
  { chatId, kind }: { readonly chatId: number; readonly kind: SanctionKind },
  { cursor, limit }: SanctionQuery,
): Promise<SanctionList> {
  const before = cursor === undefined ? null : Number(cursor);
  return withRight(context, { userId, chatId, right: 'moderate' }, async (tx) => {
    // One more than asked for says whether there are more.
    const rows = await listSanctions(tx, { chatId, kind, askerId: userId }, { before, limit: limit + 1 });
    const { page, fields } = placePage(rows, limit, ({ place }) => place);
    return { ...fields, sanctions: page.map(({ sanction }) => sanction) };
  });
}
