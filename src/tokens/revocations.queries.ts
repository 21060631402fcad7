import type { Database, Revocation, Transaction } from '../database/index.js';

/** @returns them as every node will read them, to be applied once they are committed. */
export async function insertRevocations(
  tx: Transaction,
  revocations: readonly Omit<Revocation, 'id'>[],
): Promise<Revocation[]> {
  const rows = await tx.revocation.createManyAndReturn({
    data: revocations.map(({ sessionId, userId, before, suspended, erased, keepUntil }) => ({
      session_id: sessionId,
      user_id: userId,
      tokens_before: before === null ? null : new Date(before),
      suspended,
      erased,
      keep_until: new Date(keepUntil),
    })),
    select: {
      ...{ id: true, session_id: true, user_id: true, tokens_before: true },
      ...{ suspended: true, erased: true, keep_until: true },
    },
  });
  return rows.map(({ id, session_id, user_id, tokens_before, suspended, erased, keep_until }) => ({
    id: Number(id),
    sessionId: session_id === null ? null : Number(session_id),
    userId: user_id === null ? null : Number(user_id),
    before: tokens_before?.getTime() ?? null,
    suspended,
    erased,
    keepUntil: keep_until.getTime(),
  }));
}

export async function removeExpired(db: Database): Promise<void> {
  await db.$executeRaw`delete from public.revocation where keep_until < now()`;
}
