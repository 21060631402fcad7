import { audit } from '../../audit/index.js';
import { lockChat, lockChatOf, readStanding, type Context } from '../../changes/index.js';
import type { Transaction } from '../../database/index.js';
import { readUntil } from '../../shared/read-until.js';
import { leaveShadow, participantDoesNotExist, rankTooLow } from '../participants/index.js';
import type { Moderator } from './moderator.js';
import { requireModerator } from './restrictions.service.js';
import { findSanction, isSame, keepSanction, type Target } from './sanctions.queries.js';
import type { Shadow } from './sanctions.schemas.js';
import { enterShadow } from './shadows.queries.js';

/**
 * Lets nobody else see what somebody sends from now on. It takes no number: nobody is told. What is so already changes nothing.
 * @throws NOT_AUTHORIZED, CHAT_DOES_NOT_EXIST, NOT_A_GROUP, RIGHT_MISSING, RESTRICTED, RANK_TOO_LOW, PARTICIPANT_DOES_NOT_EXIST;
 *   VALIDATION_ERROR for a time that has passed.
 */
export async function shadow(
  context: Context,
  moderator: Moderator,
  { chatId, userId }: Target,
  { reason, until: untilText }: Shadow,
): Promise<void> {
  const until = readUntil(untilText);
  await asModerator(context, moderator, chatId, async (tx) => {
    const mayActOn = await requireModerator(tx, moderator, chatId);
    const other = await readStanding(tx, chatId, userId);
    if (!other) throw participantDoesNotExist();
    if (!mayActOn(other.rank)) throw rankTooLow();
    const before = await findSanction(tx, { chatId, userId }, 'shadow');
    if (isSame(before, { reason, until })) return;
    const details = { chat_id: chatId, reason, until: until?.toISOString() ?? null };
    await audit(tx, { actor: moderator.actor, action: 'chat.member_shadowed', userId, details });
    await keepSanction(tx, chatId, { userId, kind: 'shadow', until, reason, roleBefore: null }, moderator.userId);
    await enterShadow(tx, { chatId, userId }, until);
  });
}

/** Where there is none nothing changes. @throws as above; also for somebody who has left. */
export async function liftShadow(context: Context, moderator: Moderator, { chatId, userId }: Target): Promise<void> {
  await asModerator(context, moderator, chatId, async (tx) => {
    const mayActOn = await requireModerator(tx, moderator, chatId);
    const other = await readStanding(tx, chatId, userId);
    if (!mayActOn(other?.rank ?? 'member')) throw rankTooLow();
    if (!(await leaveShadow(tx, chatId, [userId]))) return;
    await audit(tx, {
      ...{ actor: moderator.actor, action: 'chat.member_shadow_lifted' as const, userId, details: { chat_id: chatId } },
    });
  });
}

/** Under the lock of the group, as what it decides. */
function asModerator(
  { db }: Context,
  { userId, isAdmin = false }: Moderator,
  chatId: number,
  work: (tx: Transaction) => Promise<void>,
): Promise<void> {
  return db.inTransaction(userId, async (tx) => {
    await (isAdmin ? lockChat(tx, chatId) : lockChatOf(tx, userId, chatId));
    await work(tx);
  });
}
