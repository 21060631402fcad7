import type { Database, Revocation, Transaction } from '../database/index.js';

export async function insertRevocations(tx: Transaction, revocations: readonly Revocation[]): Promise<void> {
  await tx.revocation.createMany({
    data: revocations.map(({ sessionId, userId, before, keepUntil }) => ({
      session_id: sessionId,
      user_id: userId,
      tokens_before: before === null ? null : new Date(before),
      keep_until: new Date(keepUntil),
    })),
  });
}

export async function removeExpired(db: Database): Promise<void> {
  await db.$executeRaw`delete from public.revocation where keep_until < now()`;
}
