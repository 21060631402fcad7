import type { Transaction } from '../../database/index.js';
import { nextOwnNumber } from '../../changes/index.js';
import type { Role } from '../../shared/rights.js';

/** What newcomers find in a group. */
interface Welcome {
  /** Up to which they have nothing unread; null: everything is. */
  readonly lastMessageId: number | null;
  /** The first message that they may see; null: all of them. */
  readonly historyFromId: number | null;
  /** The number of the change that adds them. */
  readonly pts: number;
}

const FROM_THE_START: Welcome = { lastMessageId: null, historyFromId: null, pts: 0 };

/** @returns those of the users who were not participants before, in the order of their ids. What is unread begins after the last message. */
export async function addParticipants(
  tx: Transaction,
  chatId: number,
  userIds: readonly number[],
  { lastMessageId, historyFromId, pts }: Welcome = FROM_THE_START,
): Promise<number[]> {
  const added = await tx.$queryRaw<{ user_id: bigint }[]>`
    with added as (
      insert into public.chat_participant (chat_id, user_id, last_read_message_id, history_from_id, history_from_pts, role,
        shadowed_until, shadow_message_id)
      select ${chatId}::int8, found.id, ${lastMessageId}::int8, ${historyFromId}::int8,
        case when ${historyFromId}::int8 is not null then ${pts}::int8 end,
        -- Who left is as restricted as before, and in the shadow.
        (case when exists (
          select from public.chat_sanction where chat_id = ${chatId} and user_id = found.id and kind = 'restriction'
        ) then 'reader' else 'member' end)::public.participant_role,
        case when found.was_shadowed then (
          select coalesce(until, 'infinity') from public.chat_sanction
          where chat_id = ${chatId} and user_id = found.id and kind = 'shadow'
        ) end,
        case when found.was_shadowed then (
          select max(id) from public.message where author_id = found.id and chat_id = ${chatId} and shadowed
        ) end
      from unnest(${userIds}::int8[]) with ordinality as wanted (user_id, n)
      cross join lateral (
        select id, was_shadowed from public."user" where id = wanted.user_id and erased_at is null offset 0
      ) found
      order by n
      on conflict do nothing
      returning user_id
    )
    select user_id from added order by user_id`;
  return added.map(({ user_id }) => Number(user_id));
}

/** The first message of the chat that a participant may see; null: all of them. */
export async function findHistoryStart(tx: Transaction, chatId: number, userId: number): Promise<number | null> {
  const where = { chat_id_user_id: { chat_id: BigInt(chatId), user_id: BigInt(userId) } };
  const found = await tx.chatParticipant.findUnique({ where, select: { history_from_id: true } });
  const firstId = found?.history_from_id ?? null;
  return firstId === null ? null : Number(firstId);
}

/** A role that somebody has from now on. */
interface NewRole {
  readonly userId: number;
  readonly role: Role;
}

/** Whose own log has moved on by another role, and how far. */
export interface RoleGiven {
  readonly userId: number;
  readonly mePts: number;
}

/** Within a change of the group. It ends that they are restricted. */
export async function giveRoles(tx: Transaction, chatId: number, roles: readonly NewRole[]): Promise<RoleGiven[]> {
  const userIds = roles.map(({ userId }) => userId);
  await tx.$executeRaw`
    delete from public.chat_sanction
    where chat_id = ${chatId} and user_id = any (${userIds}::int8[]) and kind = 'restriction'`;
  const chat_id = BigInt(chatId);
  const given = new Map<number, RoleGiven>();
  for (const userId of roles.map((each) => each.userId).sort((one, other) => one - other)) {
    given.set(userId, { userId, mePts: await nextOwnNumber(tx, userId) });
  }
  for (const { userId, role } of roles) {
    await tx.chatParticipant.update({
      where: { chat_id_user_id: { chat_id, user_id: BigInt(userId) } },
      data: { role, settings_me_pts: given.get(userId)?.mePts ?? 0 },
      select: { user_id: true },
    });
  }
  // Nobody acts on an owner, who could not be let out of it.
  const ownerIds = roles.flatMap(({ userId, role }) => (role === 'owner' ? [userId] : []));
  if (ownerIds.length > 0) await leaveShadow(tx, chatId, ownerIds);
  if (roles.some(({ role }) => role === 'reader')) {
    await tx.chat.update({ where: { id: chat_id }, data: { has_readers: true }, select: { id: true } });
  }
  return [...given.values()];
}

/** What others don't see of them stays so. @returns whether anybody was in the shadow. */
export async function leaveShadow(tx: Transaction, chatId: number, userIds: readonly number[]): Promise<boolean> {
  await tx.$executeRaw`
    update public.chat_participant set shadowed_until = null
    where chat_id = ${chatId} and user_id = any (${userIds}::int8[]) and shadowed_until is not null`;
  const count = await tx.$executeRaw`
    delete from public.chat_sanction
    where chat_id = ${chatId} and user_id = any (${userIds}::int8[]) and kind = 'shadow'`;
  return count > 0;
}

/**
 * Within a change of the group: when its owner goes, the longest-standing member of the highest role inherits.
 * @returns undefined when they took no part.
 */
export async function removeParticipant(
  tx: Transaction,
  chatId: number,
  userId: number,
): Promise<{ readonly heir: RoleGiven | undefined } | undefined> {
  const [removed] = await tx.$queryRaw<{ was_owner: boolean }[]>`
    delete from public.chat_participant where chat_id = ${chatId} and user_id = ${userId}
    returning role = 'owner' as was_owner`;
  if (!removed) return undefined;
  // A role does not outlive that one leaves, and a restriction does.
  await tx.$executeRaw`
    update public.chat_sanction set role_before = 'member'
    where chat_id = ${chatId} and user_id = ${userId} and kind = 'restriction' and role_before <> 'reader'`;
  return { heir: removed.was_owner ? await chooseOwner(tx, chatId) : undefined };
}

/** Nobody, when nobody is left. */
async function chooseOwner(tx: Transaction, chatId: number): Promise<RoleGiven | undefined> {
  const [heir] = await tx.$queryRaw<{ user_id: bigint }[]>`
    select user_id from public.chat_participant where chat_id = ${chatId}
    order by array_position(array['admin', 'moderator', 'member', 'reader'], role::text), joined_order limit 1`;
  const [given] = heir ? await giveRoles(tx, chatId, [{ userId: Number(heir.user_id), role: 'owner' }]) : [];
  return given;
}

/**
 * Takes the next people who are to be added to a new group, within the transaction that adds them and has locked
 * the chat.
 * @returns undefined when there are none.
 */
export async function takePending(tx: Transaction, chatId: number): Promise<number[] | undefined> {
  const [slice] = await tx.$queryRaw<{ user_ids: bigint[] }[]>`
    delete from public.pending_participants where (chat_id, position) = (
      select chat_id, position from public.pending_participants where chat_id = ${chatId} order by position limit 1
    ) returning user_ids`;
  return slice?.user_ids.map(Number);
}

/** Within a change of the group: the user will not be added any more. @returns whether they would have been. */
export async function removePending(tx: Transaction, chatId: number, userId: number): Promise<boolean> {
  const count = await tx.$executeRaw`
    update public.pending_participants set user_ids = array_remove(user_ids, ${userId}::int8)
    where chat_id = ${chatId} and ${userId}::int8 = any (user_ids)`;
  return count > 0;
}
