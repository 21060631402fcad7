import { MAX_READERS, type Database, type Transaction } from '../../database/index.js';
import { recordChange } from '../participants/index.js';
import type { ShortUser } from '../users/index.js';

/** The key under which a pair of users has its one private chat, whoever asks. */
function privateKey(oneId: number, otherId: number): string {
  return `${Math.min(oneId, otherId)}:${Math.max(oneId, otherId)}`;
}

export async function findPrivateChatId(db: Database, oneId: number, otherId: number): Promise<number | undefined> {
  const chat = await db.chat.findUnique({ where: { private_key: privateKey(oneId, otherId) }, select: { id: true } });
  return chat ? Number(chat.id) : undefined;
}

/** @throws a unique violation, see isUniqueViolation, when the pair has a private chat already. */
export function createPrivateChat(tx: Transaction, creatorId: number, otherId: number): Promise<number> {
  return createChat(tx, { type: 'private', private_key: privateKey(creatorId, otherId) }, creatorId, [otherId]);
}

export function createGroupChat(
  tx: Transaction,
  creatorId: number,
  otherIds: readonly number[],
  name: string,
): Promise<number> {
  return createChat(tx, { type: 'group', name }, creatorId, otherIds);
}

/** The first pts of a chat: that it was created, and with whom. */
export const CREATION_PTS = 1;

async function createChat(
  tx: Transaction,
  kind: { type: 'private'; private_key: string } | { type: 'group'; name: string },
  creatorId: number,
  otherIds: readonly number[],
): Promise<number> {
  const creator_id = BigInt(creatorId);
  const chat = await tx.chat.create({
    data: { ...kind, creator_id, last_pts: BigInt(CREATION_PTS) },
    select: { id: true },
  });
  await tx.chatParticipant.createMany({
    data: [
      { chat_id: chat.id, user_id: creator_id, role: kind.type === 'group' ? 'owner' : 'member' },
      ...otherIds.map((id) => ({ chat_id: chat.id, user_id: BigInt(id) })),
    ],
  });
  const chatId = Number(chat.id);
  const data = { participant_ids: [creatorId, ...otherIds] };
  await recordChange(tx, { chatId, pts: CREATION_PTS, type: 'chat.created', actorId: creatorId, data });
  return chatId;
}

/** What decides how a chat may be changed. */
export async function findKind(
  tx: Transaction,
  chatId: number,
): Promise<{ isGroup: boolean; name: string | null; lastMessageId: number | null }> {
  const { type, name, last_message_id } = await tx.chat.findUniqueOrThrow({
    where: { id: BigInt(chatId) },
    select: { type: true, name: true, last_message_id: true },
  });
  const lastMessageId = last_message_id === null ? null : Number(last_message_id);
  return { isGroup: type === 'group', name, lastMessageId };
}

export async function isOwner(tx: Transaction, chatId: number, userId: number): Promise<boolean> {
  const where = { chat_id: BigInt(chatId), user_id: BigInt(userId), role: 'owner' as const };
  return (await tx.chatParticipant.count({ where })) > 0;
}

/** @returns when that was. */
export async function renameChat(tx: Transaction, chatId: number, name: string): Promise<string> {
  const updated_at = new Date();
  await tx.chat.update({ where: { id: BigInt(chatId) }, data: { name, updated_at }, select: { id: true } });
  return updated_at.toISOString();
}

/** Those of the users who were not participants before, with their names. They have nothing unread. */
export async function addParticipants(
  tx: Transaction,
  chatId: number,
  userIds: readonly number[],
  lastMessageId: number | null,
): Promise<ShortUser[]> {
  const chat_id = BigInt(chatId);
  const last_read_message_id = lastMessageId === null ? null : BigInt(lastMessageId);
  const added = await tx.chatParticipant.createManyAndReturn({
    data: userIds.map((id) => ({ chat_id, user_id: BigInt(id), last_read_message_id })),
    skipDuplicates: true,
    select: { user_id: true },
  });
  const users = await tx.user.findMany({
    where: { id: { in: added.map(({ user_id }) => user_id) } },
    orderBy: { id: 'asc' },
    select: { id: true, username: true },
  });
  return users.map(({ id, username }) => ({ id: Number(id), username }));
}

/** Within a change of the group: when its owner goes, the longest-standing member inherits. @returns whether they took part. */
export async function removeParticipant(tx: Transaction, chatId: number, userId: number): Promise<boolean> {
  const chat_id = BigInt(chatId);
  const wasOwner = await isOwner(tx, chatId, userId);
  const { count } = await tx.chatParticipant.deleteMany({ where: { chat_id, user_id: BigInt(userId) } });
  if (wasOwner) await chooseOwner(tx, chat_id);
  return count > 0;
}

/** Nobody, when nobody is left. */
async function chooseOwner(tx: Transaction, chat_id: bigint): Promise<void> {
  const heir = await tx.chatParticipant.findFirst({
    where: { chat_id },
    orderBy: { joined_order: 'asc' },
    select: { user_id: true },
  });
  if (!heir) return;
  const chat_id_user_id = { chat_id, user_id: heir.user_id };
  await tx.chatParticipant.update({ where: { chat_id_user_id }, data: { role: 'owner' }, select: { user_id: true } });
}

/**
 * Sets the user's mark, which only moves on, and never beyond the newest message. Undefined: not a participant.
 * `moved`: it was not there before.
 */
export async function markRead(
  db: Database,
  userId: number,
  chatId: number,
  messageId: number,
): Promise<{ lastReadId: number | null; moved: boolean; isSmall: boolean } | undefined> {
  const [row] = await db.$queryRaw<{ last_read: bigint | null; moved: boolean; is_small: boolean }[]>`
    with before as (
      select p.last_read_message_id, case
          when chat.last_message_id is null then p.last_read_message_id
          else greatest(p.last_read_message_id, least(${messageId}, chat.last_message_id))
        end as next
      from public.chat_participant p
      join public.chat on chat.id = p.chat_id
      where p.chat_id = ${chatId} and p.user_id = ${userId}
      for no key update of p
    ), marked as (
      update public.chat_participant p set last_read_message_id = next
      from before
      where p.chat_id = ${chatId} and p.user_id = ${userId} and next is distinct from before.last_read_message_id
    )
    select next as last_read, next is distinct from last_read_message_id as moved, (
      select count(*) from (
        select from public.chat_participant where chat_id = ${chatId} limit ${MAX_READERS} + 1
      ) readers
    ) <= ${MAX_READERS} as is_small
    from before`;
  return (
    row && {
      lastReadId: row.last_read === null ? null : Number(row.last_read),
      moved: row.moved,
      isSmall: row.is_small,
    }
  );
}
