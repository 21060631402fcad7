import type { Transaction } from '../../database/index.js';
import { sha256 } from '../../shared/sha256.js';

/** Who may decide about requests to join is told of them: so many at the most. */
const MAX_TOLD = 100;

/** SQL for whether people can join by the link. */
const IS_OPEN = `link.revoked_at is null and (link.expires_at is null or link.expires_at > clock_timestamp())
      and (link.max_uses is null or link.uses < link.max_uses)`;

/** A link that somebody holds. */
interface HeldLink {
  readonly id: number;
  readonly chatId: number;
  readonly creatorId: number;
  readonly needsApproval: boolean;
  /** Whether people can join by it. */
  readonly isOpen: boolean;
}

export async function findLink(tx: Transaction, token: string): Promise<HeldLink | undefined> {
  const [found] = await tx.$queryRawUnsafe<
    { id: bigint; chat_id: bigint; creator_id: bigint; needs_approval: boolean; is_open: boolean }[]
  >(
    `select id, chat_id, creator_id, needs_approval, ${IS_OPEN} as is_open
    from public.invite_link link where token_hash = $1`,
    sha256(token),
  );
  if (!found) return undefined;
  return {
    ...{ id: Number(found.id), chatId: Number(found.chat_id), creatorId: Number(found.creator_id) },
    ...{ needsApproval: found.needs_approval, isOpen: found.is_open },
  };
}

/** Counts one who joins or asks to. The last use goes to one of those who want it at once. @returns whether there was one. */
export async function useLink(tx: Transaction, linkId: number): Promise<boolean> {
  const count = await tx.$executeRawUnsafe(
    `update public.invite_link link set uses = uses + 1 where id = $1::int8 and ${IS_OPEN}`,
    linkId,
  );
  return count > 0;
}

export async function isParticipant(tx: Transaction, chatId: number, userId: number): Promise<boolean> {
  return (await tx.chatParticipant.count({ where: { chat_id: BigInt(chatId), user_id: BigInt(userId) } })) > 0;
}

export async function hasAsked(tx: Transaction, chatId: number, userId: number): Promise<boolean> {
  return (await tx.joinRequest.count({ where: { chat_id: BigInt(chatId), user_id: BigInt(userId) } })) > 0;
}

/** @returns whether the user had not asked before. */
export async function addRequest(tx: Transaction, chatId: number, userId: number): Promise<boolean> {
  const data = [{ chat_id: BigInt(chatId), user_id: BigInt(userId) }];
  return (await tx.joinRequest.createMany({ data, skipDuplicates: true })).count > 0;
}

/** @returns whether there was one. */
export async function removeRequest(tx: Transaction, chatId: number, userId: number): Promise<boolean> {
  const where = { chat_id: BigInt(chatId), user_id: BigInt(userId) };
  return (await tx.joinRequest.deleteMany({ where })).count > 0;
}

/** Those of the group who may let people in. */
export async function findDeciders(tx: Transaction, chatId: number): Promise<number[]> {
  const found = await tx.chatParticipant.findMany({
    where: { chat_id: BigInt(chatId), role: { in: ['owner', 'admin', 'moderator'] } },
    select: { user_id: true },
    take: MAX_TOLD,
  });
  return found.map(({ user_id }) => Number(user_id));
}
