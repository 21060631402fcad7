import { createHash } from 'node:crypto';
import type { Database, Transaction } from '../../database/index.js';
import { recordChange } from '../participants/index.js';
import type { ShortUser } from '../users/index.js';

/** The key under which a pair of users has its one private chat, whoever asks. */
function privateKey(oneId: number, otherId: number): string {
  return `${Math.min(oneId, otherId)}:${Math.max(oneId, otherId)}`;
}

export async function findPrivateChatId(db: Database, oneId: number, otherId: number): Promise<number | undefined> {
  const where = { private_key: privateKey(oneId, otherId) };
  const chat = await db.inTurn(oneId, () => db.chat.findUnique({ where, select: { id: true } }));
  return chat ? Number(chat.id) : undefined;
}

/** The first pts of a chat: that it was created, and with whom. */
const CREATION_PTS = 1;

/** How many people are added in one transaction: others wait for some 50 ms of it on the embedded database. */
const SLICE = 500;

function slicesOf(userIds: readonly number[]): (readonly number[])[] {
  const count = Math.ceil(userIds.length / SLICE);
  return Array.from({ length: count }, (_, index) => userIds.slice(index * SLICE, (index + 1) * SLICE));
}

/** What a chat is created with. */
export type NewChat = { readonly creatorId: number; readonly otherIds: readonly number[] } & (
  | { readonly type: 'private' }
  | { readonly type: 'group'; readonly name: string; readonly clientId: string | undefined }
);

/** What the database has made of it. */
export interface CreatedChat {
  readonly id: number;
  readonly pts: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** Those of the others who are in it. The rest are pending. */
  readonly addedIds: readonly number[];
}

/**
 * @throws a unique violation, see isUniqueViolation, when the pair has a private chat already, or the creator has used the
 *   client_id before.
 */
export async function createChat(tx: Transaction, chat: NewChat): Promise<CreatedChat> {
  const { creatorId, otherIds } = chat;
  const kind =
    chat.type === 'private'
      ? { type: chat.type, private_key: privateKey(creatorId, otherIds[0] ?? 0) }
      : {
          type: chat.type,
          name: chat.name,
          ...(chat.clientId !== undefined && {
            creation_client_id: chat.clientId,
            creation_digest: creationDigest(chat),
          }),
        };
  const { id, created_at, updated_at } = await tx.chat.create({
    data: { ...kind, creator_id: BigInt(creatorId), last_pts: BigInt(CREATION_PTS) },
    select: { id: true, created_at: true, updated_at: true },
  });
  await tx.chatParticipant.create({
    data: { chat_id: id, user_id: BigInt(creatorId), role: chat.type === 'group' ? 'owner' : 'member' },
    select: { chat_id: true },
  });
  const chatId = Number(id);
  const [addedIds = [], ...later] = slicesOf(otherIds);
  await addParticipants(tx, chatId, addedIds, null);
  if (later.length > 0) {
    await tx.pendingParticipants.createMany({
      data: later.map((ids, position) => ({ chat_id: id, position, user_ids: ids.map(BigInt) })),
    });
  }
  const data = { participant_ids: [creatorId, ...addedIds] };
  await recordChange(tx, { chatId, pts: CREATION_PTS, type: 'chat.created', actorId: creatorId, data });
  return { id: chatId, pts: CREATION_PTS, createdAt: created_at, updatedAt: updated_at, addedIds };
}

/**
 * Takes the next of those who have yet to be added to a new group, within the transaction that adds them and has locked
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

/** What tells one creation from another under the same client_id: the name and the people, in whatever order. */
function creationDigest({ name, otherIds }: { name: string; otherIds: readonly number[] }): Uint8Array<ArrayBuffer> {
  const text = JSON.stringify([name, [...otherIds].sort((one, other) => one - other)]);
  return new Uint8Array(createHash('sha256').update(text).digest());
}

/** The group that the creator has opened under the client_id, and whether it was opened with the same name and people. */
export async function findCreated(
  db: Database,
  creatorId: number,
  clientId: string,
  created: { readonly name: string; readonly otherIds: readonly number[] },
): Promise<{ id: number; isSame: boolean } | undefined> {
  const key = { creator_id: BigInt(creatorId), creation_client_id: clientId };
  const chat = await db.inTurn(creatorId, () =>
    db.chat.findUnique({
      where: { creator_id_creation_client_id: key },
      select: { id: true, creation_digest: true },
    }),
  );
  if (!chat) return undefined;
  const isSame = chat.creation_digest !== null && Buffer.compare(chat.creation_digest, creationDigest(created)) === 0;
  return { id: Number(chat.id), isSame };
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
  const users = await tx.$queryRaw<{ id: bigint; username: string }[]>`
    with added as (
      insert into public.chat_participant (chat_id, user_id, last_read_message_id)
      select ${chatId}::int8, found.id, ${lastMessageId}::int8
      from unnest(${userIds}::int8[]) with ordinality as wanted (user_id, n)
      cross join lateral (select id from public."user" where id = wanted.user_id offset 0) found
      order by n
      on conflict do nothing
      returning user_id
    )
    select added_user.* from added
    cross join lateral (select id, username from public."user" where id = added.user_id offset 0) added_user
    order by added_user.id`;
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
