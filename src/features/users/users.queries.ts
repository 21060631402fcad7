import type { Database, Transaction } from '../../database/index.js';

/** The same bio changes nothing, nor when the user last changed something. @returns whether there is such a user. */
export async function updateBio(db: Database, userId: number, bio: string): Promise<boolean> {
  const where = { id: BigInt(userId), OR: [{ bio: null }, { bio: { not: bio } }] };
  return db.inTurn(userId, async () => {
    const { count } = await db.user.updateMany({ where, data: { bio } });
    return count > 0 || (await findUserIds(db, [userId])).has(userId);
  });
}

/** Which of the ids are users'. */
export async function findUserIds(db: Transaction, ids: readonly number[]): Promise<Set<number>> {
  const users = await db.user.findMany({ where: { id: { in: ids.map(BigInt) } }, select: { id: true } });
  return new Set(users.map(({ id }) => Number(id)));
}
