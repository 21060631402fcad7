import type { Transaction } from '../database/index.js';
import { chatDoesNotExist, notAuthorized } from '../shared/errors.js';

/**
 * Locks the chat until the transaction ends, so that nothing else changes it meanwhile. To avoid deadlocks, locks are taken
 * in one order: what is prepared for a chat, chats by their ids, then users' own logs by theirs.
 * @returns the pts of the last change.
 */
export async function lockChat(tx: Transaction, chatId: number): Promise<number> {
  return (await lockPosition(tx, chatId)).pts;
}

/** While neither of both has moved nothing in a chat has changed, and nobody has come, gone, or lost a right to write there. */
export interface Position {
  /** The number of the last change. */
  readonly pts: number;
  /** Moves with all that forbids sends. */
  readonly guard: number;
}

interface PositionRow {
  readonly pts: bigint;
  readonly guard: bigint;
}

/** The same as lockChat. */
export async function lockPosition(tx: Transaction, chatId: number): Promise<Position> {
  const [chat] = await tx.$queryRaw<PositionRow[]>`
    select last_pts as pts, send_guard as guard from public.chat where id = ${chatId} for no key update`;
  return positionOf(chatId, chat);
}

/** Of advisory locks: what is prepared before a chat is locked. Any constant that nothing else uses. */
const PREPARATIONS = 1;

/**
 * Locks what is prepared for the chat until the transaction ends; the chat itself may go on. It comes before the lock of the chat.
 * @returns where the chat was then, or earlier.
 */
export async function lockPreparations(tx: Transaction, chatId: number): Promise<Position> {
  const [chat] = await tx.$queryRaw<PositionRow[]>`
    select last_pts as pts, send_guard as guard, pg_advisory_xact_lock(${PREPARATIONS}::int4, hashint8(${chatId}))::text
    from public.chat where id = ${chatId}`;
  return positionOf(chatId, chat);
}

function positionOf(chatId: number, chat: PositionRow | undefined): Position {
  if (!chat) throw new Error(`There is no chat ${chatId} to lock, though somebody takes part in it.`);
  return { pts: Number(chat.pts), guard: Number(chat.guard) };
}

/**
 * Locks the chat for a change by one of its participants.
 * @returns the pts of the last change.
 * @throws NOT_AUTHORIZED when the user is gone; CHAT_DOES_NOT_EXIST when they take no part in such a chat.
 */
export async function lockChatOf(tx: Transaction, userId: number, chatId: number): Promise<number> {
  // Before, so that no outsider can lock it; and again, because they may have been removed while it was waited for.
  await requireParticipant(tx, userId, chatId);
  const lastPts = await lockChat(tx, chatId);
  await requireParticipant(tx, userId, chatId);
  return lastPts;
}

/**
 * Locks the user until the transaction ends, so that what is theirs alone changes one after the other.
 * @throws NOT_AUTHORIZED when the user is gone.
 */
export async function lockUser(tx: Transaction, userId: number): Promise<void> {
  const rows = await tx.$queryRaw<object[]>`
    select from public."user" where id = ${userId} and erased_at is null for no key update`;
  if (rows.length === 0) throw notAuthorized();
}

async function requireParticipant(tx: Transaction, userId: number, chatId: number): Promise<void> {
  const [user] = await tx.$queryRaw<{ takes_part: boolean }[]>`
    select exists (
      select from public.chat_participant where chat_id = ${chatId} and user_id = ${userId}
    ) as takes_part
    from public."user" where id = ${userId} and erased_at is null`;
  if (!user) throw notAuthorized();
  if (!user.takes_part) throw chatDoesNotExist();
}
