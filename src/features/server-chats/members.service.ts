import { audit, type Actor } from '../../audit/index.js';
import { commitChange, readStanding, type Context } from '../../changes/index.js';
import type { Transaction } from '../../database/index.js';
import { chatAdvanced } from '../../realtime/index.js';
import { placePage } from '../../shared/place-pages.js';
import type { Role } from '../../shared/rights.js';
import { findKind, notAGroup } from '../chats/index.js';
import {
  addParticipants,
  participantAdded,
  participantDoesNotExist,
  participantRemoved,
  removeParticipant,
  removePending,
  requireNoneBanned,
  tellOfRole,
  userDoesNotExist,
  type ParticipantList,
  type ParticipantListQuery,
  type RoleGiven,
} from '../participants/index.js';
import { assignRole, participantUpdated } from '../roles/index.js';
import { findUserIdsByRef } from '../users/index.js';
import { appUserId } from './app-user.js';
import type { MemberOutcome, MembersOutcome, PutMember } from './server-chats.schemas.js';

/** As many as one event names. */
const SLICE = 500;

/** With the key that asks, for the audit log. */
export interface HostContext extends Context {
  readonly actor: Actor;
}

/** @returns each user once. @throws USER_NOT_EXISTS with the first who is unknown. */
export async function requireMembers(db: Transaction, refs: readonly string[]): Promise<number[]> {
  const found = await findUserIdsByRef(db, refs);
  const unknown = refs.find((ref) => !found.has(ref));
  if (unknown !== undefined) throw userDoesNotExist({ errors: { members: `There is no user ${unknown}.` } });
  return [...new Set(refs.map((ref) => found.get(ref) ?? 0))];
}

/** Adds users to a group in slices, each a change of its own. @throws NOT_A_GROUP, USER_NOT_EXISTS, BANNED. */
export async function addMembers(
  context: HostContext,
  chatId: number,
  { members, history_from = 'all' }: { readonly members: readonly string[]; readonly history_from?: string },
): Promise<MembersOutcome> {
  const { db } = context;
  const [userIds, actorId] = await Promise.all([requireMembers(db, members), appUserId(db)]);
  let changed = 0;
  for (let start = 0; start < userIds.length; start += SLICE) {
    const added = await addSlice(context, { chatId, actorId, history_from }, userIds.slice(start, start + SLICE));
    changed += added;
  }
  return { changed, participant_count: await countOf(db, chatId) };
}

async function addSlice(
  context: HostContext,
  {
    chatId,
    actorId,
    history_from,
  }: { readonly chatId: number; readonly actorId: number; readonly history_from: string },
  userIds: readonly number[],
): Promise<number> {
  const change = await commitChange(
    context,
    participantAdded,
    { chatId, actorId, byServer: true },
    {
      write: async (tx, pts) => {
        const { isGroup, lastMessageId } = await findKind(tx, chatId);
        if (!isGroup) throw notAGroup();
        await requireNoneBanned(tx, chatId, userIds, 'members');
        const historyFromId = historyStart(history_from, lastMessageId);
        const user_ids = await addParticipants(tx, chatId, userIds, { lastMessageId, historyFromId, pts });
        if (user_ids.length === 0) return undefined;
        const details = { chat_id: chatId, user_ids };
        await audit(tx, { actor: context.actor, action: 'chat.members_added', details });
        return { user_ids };
      },
      answer: (_tx, change) => Promise.resolve(change),
    },
  );
  if (!change) return 0;
  context.live.publishToUsers(change.stored.user_ids, chatAdvanced(chatId, change.pts));
  return change.stored.user_ids.length;
}

/** @returns the first message that newcomers see; null: they see all. It is at most the next one: nothing is to come that they don't see. */
function historyStart(from: string, lastMessageId: number | null): number | null {
  if (from === 'all' || lastMessageId === null) return null;
  return from === 'now' ? lastMessageId + 1 : Math.min(Number(from), lastMessageId + 1);
}

/** Removes users from a group, one after the other. Users who are not in it stay so. @throws NOT_A_GROUP, USER_NOT_EXISTS. */
export async function removeMembers(
  context: HostContext,
  chatId: number,
  refs: readonly string[],
): Promise<MembersOutcome> {
  const { db } = context;
  const [userIds, actorId] = await Promise.all([requireMembers(db, refs), appUserId(db)]);
  let changed = 0;
  for (const userId of userIds) {
    let heir: RoleGiven | undefined;
    const isRemoved = await commitChange(
      context,
      participantRemoved,
      { chatId, actorId, byServer: true },
      {
        write: async (tx) => {
          if (!(await findKind(tx, chatId)).isGroup) throw notAGroup();
          await removePending(tx, chatId, userId);
          const removal = await removeParticipant(tx, chatId, userId);
          if (!removal) return undefined;
          heir = removal.heir;
          const details = { chat_id: chatId };
          await audit(tx, { actor: context.actor, action: 'chat.members_removed', userId, details });
          return { user_id: userId, ...(heir && { owner_id: heir.userId }) };
        },
        answer: (_tx, change) => Promise.resolve(change !== undefined),
      },
    );
    tellOfRole(context.live, heir);
    if (isRemoved) changed++;
  }
  return { changed, participant_count: await countOf(db, chatId) };
}

async function countOf(db: Transaction, chatId: number): Promise<number> {
  const where = { id: BigInt(chatId) };
  return (await db.chat.findUniqueOrThrow({ where, select: { participant_count: true } })).participant_count;
}

/** SQL for a participant p, who is the user person, as JSON. */
function memberJson({ person }: Context['model']): string {
  return `(${person.json('person')}::jsonb || jsonb_build_object('role', p.role::text))`;
}

/** Some people of any chat, in the order of joining. */
export async function readMembers(
  { db, model }: Context,
  chatId: number,
  { cursor, limit }: ParticipantListQuery,
): Promise<ParticipantList> {
  // One more than asked for says whether there are more.
  const rows = await db.$queryRawUnsafe<{ place: bigint; member: ParticipantList['participants'][number] }[]>(
    `select p.joined_order as place, ${memberJson(model)} as member
    from public.chat_participant p
    cross join lateral (select * from public."user" where id = p.user_id offset 0) person
    where p.chat_id = $1::int8 and p.joined_order > $2::int8
    order by p.joined_order limit $3::int8`,
    chatId,
    Number(cursor ?? 0),
    limit + 1,
  );
  const { page, fields } = placePage(rows, limit, ({ place }) => place);
  return { ...fields, participants: page.map(({ member }) => member) };
}

/**
 * Brings somebody into a group, and gives them a role, which needs no right. With the role that they have nothing happens, nor to somebody
 * restricted who gets it back.
 * @throws NOT_A_GROUP, USER_NOT_EXISTS, BANNED; PARTICIPANT_DOES_NOT_EXIST when they leave meanwhile.
 */
export async function putMember(
  context: HostContext,
  chatId: number,
  ref: string,
  { role, history_from = 'all' }: PutMember,
): Promise<MemberOutcome> {
  const { db, model } = context;
  const [userId = 0] = await requireMembers(db, [ref]);
  const { changed } = await addMembers(context, chatId, { members: [ref], history_from });
  const isGiven = role !== undefined && (await giveRole(context, chatId, { userId, role }));
  const [found] = await db.$queryRawUnsafe<{ member: MemberOutcome['member'] }[]>(
    `select ${memberJson(model)} as member
    from public.chat_participant p
    cross join lateral (select * from public."user" where id = p.user_id offset 0) person
    where p.chat_id = $1::int8 and p.user_id = $2::int8`,
    chatId,
    userId,
  );
  if (!found) throw participantDoesNotExist();
  return { outcome: changed > 0 ? 'created' : isGiven ? 'updated' : 'unchanged', member: found.member };
}

/** @returns whether they had another one. */
async function giveRole(
  context: HostContext,
  chatId: number,
  wanted: { readonly userId: number; readonly role: Role },
): Promise<boolean> {
  const { userId, role } = wanted;
  const actorId = await appUserId(context.db);
  let given: readonly RoleGiven[] = [];
  await commitChange(
    context,
    participantUpdated,
    { chatId, actorId, byServer: true },
    {
      write: async (tx) => {
        const standing = await readStanding(tx, chatId, userId);
        if (!standing) throw participantDoesNotExist();
        if (standing.rank === role) return undefined;
        const change = await assignRole(tx, chatId, wanted);
        given = change.given;
        const details = { chat_id: chatId, role };
        await audit(tx, { actor: context.actor, action: 'chat.member_role_given', userId, details });
        return change.stored;
      },
      answer: () => Promise.resolve(),
    },
  );
  for (const each of given) tellOfRole(context.live, each);
  return given.length > 0;
}
