import type { Prisma, Transaction } from '../database/index.js';
import type { CreationKind, EventKind } from './change-kind.js';

interface LogEntry {
  readonly chatId: number;
  readonly pts: number;
  readonly actorId: number;
  readonly data: unknown;
}

/** Adds the change to its chat's log, which syncs read. */
export async function addToLog(
  tx: Transaction,
  kind: EventKind | CreationKind,
  { chatId, pts, actorId, data }: LogEntry,
): Promise<void> {
  await tx.chatEvent.create({
    data: {
      chat_id: BigInt(chatId),
      pts: BigInt(pts),
      type: kind.type,
      actor_id: BigInt(actorId),
      data: data as Prisma.InputJsonObject,
      only_for: kind.keeps === 'event' ? (kind.onlyFor?.(data) ?? null) : null,
    },
    select: { pts: true },
  });
}

/**
 * Makes the number that of the chat's last change.
 * @param conflictsWithSends whether sends in flight must look again.
 * @returns how many people take part in the chat now.
 */
export async function advanceChat(
  tx: Transaction,
  chatId: number,
  pts: number,
  conflictsWithSends: boolean,
): Promise<number> {
  const last_pts = BigInt(pts);
  // last_event_pts is what the version before this one compares in place of the guard.
  const guard = conflictsWithSends && { send_guard: { increment: 1 }, last_event_pts: last_pts };
  const { participant_count } = await tx.chat.update({
    where: { id: BigInt(chatId) },
    data: { last_pts, ...guard },
    select: { participant_count: true },
  });
  return participant_count;
}
