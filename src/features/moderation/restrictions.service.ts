import { SYSTEM, audit } from '../../audit/index.js';
import { commitChange, readStanding, type Context } from '../../changes/index.js';
import type { Transaction } from '../../database/index.js';
import { isAbove, type Role } from '../../shared/rights.js';
import { readUntil } from '../../shared/read-until.js';
import { findKind, notAGroup } from '../chats/index.js';
import {
  giveRoles,
  participantDoesNotExist,
  rankTooLow,
  requireGroupRight,
  tellOfRole,
  type RoleGiven,
} from '../participants/index.js';
import { participantUpdated } from '../roles/index.js';
import type { Moderator } from './moderator.js';
import { findSanction, isSame, keepSanction, type Target } from './sanctions.queries.js';
import type { Restrict } from './sanctions.schemas.js';

/**
 * Makes somebody a reader for a time. What is so already changes nothing.
 * @throws NOT_AUTHORIZED, CHAT_DOES_NOT_EXIST, NOT_A_GROUP, RIGHT_MISSING, RESTRICTED, RANK_TOO_LOW, PARTICIPANT_DOES_NOT_EXIST;
 *   VALIDATION_ERROR for a time that has passed.
 */
export async function restrict(
  context: Context,
  moderator: Moderator,
  { chatId, userId }: Target,
  { reason, until: untilText }: Restrict,
): Promise<void> {
  const until = readUntil(untilText);
  await changeRestriction(context, moderator, chatId, async (tx) => {
    const mayActOn = await requireModerator(tx, moderator, chatId);
    const other = await readStanding(tx, chatId, userId);
    if (!other) throw participantDoesNotExist();
    if (!mayActOn(other.rank)) throw rankTooLow();
    const before = await findSanction(tx, { chatId, userId }, 'restriction');
    if (isSame(before, { reason, until })) return undefined;
    const details = { chat_id: chatId, reason, until: until?.toISOString() ?? null };
    await audit(tx, { actor: moderator.actor, action: 'chat.member_restricted', userId, details });
    const roles = [{ userId, role: 'reader' as const }];
    const given = before ? [] : await giveRoles(tx, chatId, roles);
    const kept = { userId, kind: 'restriction' as const, until, reason, roleBefore: other.rank };
    await keepSanction(tx, chatId, kept, moderator.userId);
    return before ? undefined : { roles, given };
  });
}

/** Where there is none nothing changes. @throws as above; also for somebody who has left. */
export async function liftRestriction(
  context: Context,
  moderator: Moderator,
  { chatId, userId }: Target,
): Promise<void> {
  await changeRestriction(context, moderator, chatId, async (tx) => {
    const mayActOn = await requireModerator(tx, moderator, chatId);
    const before = await findSanction(tx, { chatId, userId }, 'restriction');
    if (!before) return undefined;
    if (!mayActOn(before.roleBefore ?? 'member')) throw rankTooLow();
    await audit(tx, {
      ...{ actor: moderator.actor, action: 'chat.member_unrestricted' as const, userId, details: { chat_id: chatId } },
    });
    return giveBack(tx, { chatId, userId }, before.roleBefore);
  });
}

/** Ends a restriction whose time has come, unless somebody has moved that time, or ended it. */
export async function endRestriction(
  context: Context,
  { chatId, userId, actorId }: Target & { readonly actorId: number },
): Promise<void> {
  await changeRestriction(context, { userId: actorId, actor: SYSTEM, isAdmin: true }, chatId, async (tx) => {
    const before = await findSanction(tx, { chatId, userId }, 'restriction');
    if (!before?.until || before.until.getTime() > Date.now()) return undefined;
    await audit(tx, {
      ...{ actor: SYSTEM, action: 'chat.member_unrestricted' as const, userId, details: { chat_id: chatId } },
    });
    return giveBack(tx, { chatId, userId }, before.roleBefore);
  });
}

interface RolesChanged {
  readonly roles: readonly { readonly userId: number; readonly role: Role }[];
  readonly given: readonly RoleGiven[];
}

/** The role that they had; nothing else changes where they are gone, or were a reader before. */
async function giveBack(
  tx: Transaction,
  { chatId, userId }: Target,
  roleBefore: Role | null,
): Promise<RolesChanged | undefined> {
  const other = await readStanding(tx, chatId, userId);
  const role = roleBefore ?? 'member';
  const roles = [{ userId, role }];
  const isAnother = other !== undefined && role !== 'reader';
  // The restriction goes with it.
  const given = await giveRoles(tx, chatId, isAnother ? roles : []);
  if (isAnother) return { roles, given };
  await tx.chatSanction.deleteMany({
    where: { chat_id: BigInt(chatId), user_id: BigInt(userId), kind: 'restriction' },
  });
  return undefined;
}

async function changeRestriction(
  context: Context,
  { userId: actorId, isAdmin = false }: Moderator,
  chatId: number,
  write: (tx: Transaction) => Promise<RolesChanged | undefined>,
): Promise<void> {
  let given: readonly RoleGiven[] = [];
  await commitChange(
    context,
    participantUpdated,
    { chatId, actorId, byServer: isAdmin },
    {
      write: async (tx) => {
        const changed = await write(tx);
        given = changed?.given ?? [];
        return changed && { roles: changed.roles.map(({ userId, role }) => ({ user_id: userId, role })) };
      },
      answer: () => Promise.resolve(),
    },
  );
  for (const each of given) tellOfRole(context.live, each);
}

/** @returns whether they may act on somebody of that role. Nobody acts on the owner. @throws see restrict. */
export async function requireModerator(
  tx: Transaction,
  { userId, isAdmin }: Moderator,
  chatId: number,
): Promise<(rank: Role) => boolean> {
  if (isAdmin) {
    if (!(await findKind(tx, chatId)).isGroup) throw notAGroup();
    return (rank) => rank !== 'owner';
  }
  const { role } = await requireGroupRight(tx, chatId, userId, 'moderate');
  return (rank) => isAbove(role, rank);
}
