import { addToLog } from '../../changes/index.js';
import { mayWriteTo, privateKey, type Database, type Prisma, type Transaction } from '../../database/index.js';
import { sha256 } from '../../shared/sha256.js';
import { chatCreated } from '../chats/index.js';
import { addParticipants } from '../participants/index.js';

export async function findPrivateChatId(db: Database, oneId: number, otherId: number): Promise<number | undefined> {
  const where = { private_key: privateKey(oneId, otherId) };
  const chat = await db.inTurn(oneId, () => db.chat.findUnique({ where, select: { id: true } }));
  return chat ? Number(chat.id) : undefined;
}

/**
 * Whether the writer may write to the other, who has no chat with them yet. Called within the transaction that opens it: who is
 * blocked meanwhile has a chat in which nobody can write.
 */
export async function mayOpenPrivateChat(tx: Transaction, writerId: number, otherId: number): Promise<boolean> {
  const [answer] = await tx.$queryRawUnsafe<[{ may_write: boolean }]>(
    `select ${mayWriteTo('$1::int8', '$2::int8')} as may_write`,
    writerId,
    otherId,
  );
  return answer.may_write;
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
export type NewChat = {
  /** Takes part, unless it is the host application. */
  readonly creatorId: number;
  readonly otherIds: readonly number[];
  /** What the host application says of it. */
  readonly host?: HostDetails;
} & (
  | { readonly type: 'private' }
  | { readonly type: 'group'; readonly name: string; readonly clientId: string | undefined }
);

interface HostDetails {
  /** Who is the owner of a group; undefined: nobody is. The creator takes no part. */
  readonly ownerId: number | undefined;
  readonly data: Partial<Prisma.ChatUncheckedCreateInput>;
}

/** What the database has made of it. */
export interface CreatedChat {
  readonly id: number;
  readonly pts: number;
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
      ? { type: chat.type, private_key: privateKey(chat.host?.ownerId ?? creatorId, otherIds[0] ?? 0) }
      : {
          type: chat.type,
          name: chat.name,
          ...(chat.clientId !== undefined && {
            creation_client_id: chat.clientId,
            creation_digest: creationDigest(chat),
          }),
        };
  const { id } = await tx.chat.create({
    data: { ...kind, ...chat.host?.data, creator_id: BigInt(creatorId), last_pts: BigInt(CREATION_PTS) },
    select: { id: true },
  });
  const firstId = chat.host ? chat.host.ownerId : creatorId;
  if (firstId !== undefined) {
    await tx.chatParticipant.create({
      data: { chat_id: id, user_id: BigInt(firstId), role: chat.type === 'group' ? 'owner' : 'member' },
      select: { chat_id: true },
    });
  }
  const chatId = Number(id);
  const [addedIds = [], ...later] = slicesOf(otherIds);
  await addParticipants(tx, chatId, addedIds);
  if (later.length > 0) {
    await tx.pendingParticipants.createMany({
      data: later.map((ids, position) => ({ chat_id: id, position, user_ids: ids.map(BigInt) })),
    });
  }
  const data = { participant_ids: [...(firstId === undefined ? [] : [firstId]), ...addedIds] };
  await addToLog(tx, chatCreated, { chatId, pts: CREATION_PTS, actorId: creatorId, data });
  return { id: chatId, pts: CREATION_PTS, addedIds };
}

/** What tells one creation from another under the same client_id: the name and the people, in any order. */
function creationDigest({ name, otherIds }: { name: string; otherIds: readonly number[] }): Uint8Array<ArrayBuffer> {
  const text = JSON.stringify([name, [...otherIds].sort((one, other) => one - other)]);
  return sha256(text);
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
