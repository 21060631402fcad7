import type { Database, Transaction } from '../../database/index.js';

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
const CREATION_PTS = 1n;

async function createChat(
  tx: Transaction,
  kind: { type: 'private'; private_key: string } | { type: 'group'; name: string },
  creatorId: number,
  otherIds: readonly number[],
): Promise<number> {
  const creator_id = BigInt(creatorId);
  const chat = await tx.chat.create({
    data: { ...kind, creator_id, last_pts: CREATION_PTS },
    select: { id: true },
  });
  await tx.chatParticipant.createMany({
    data: [
      { chat_id: chat.id, user_id: creator_id, role: kind.type === 'group' ? 'owner' : 'member' },
      ...otherIds.map((id) => ({ chat_id: chat.id, user_id: BigInt(id) })),
    ],
  });
  await tx.chatEvent.create({
    data: {
      chat_id: chat.id,
      pts: CREATION_PTS,
      type: 'chat.created',
      actor_id: creator_id,
      data: { participant_ids: [creatorId, ...otherIds] },
    },
  });
  return Number(chat.id);
}
