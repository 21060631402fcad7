import type { Database, Transaction } from '../../database/index.js';

/** @returns whether there is such a user. */
export async function updateBio(db: Database, userId: number, bio: string): Promise<boolean> {
  const { count } = await db.user.updateMany({ where: { id: BigInt(userId) }, data: { bio } });
  return count > 0;
}

/** The usernames of those of the ids that are users'. */
export function findUsernames(db: Database, ids: readonly number[]): Promise<Map<number, string>> {
  return db.user.usernames(ids);
}

/** Which of the ids are users'. */
export async function findUserIds(db: Transaction, ids: readonly number[]): Promise<Set<number>> {
  const users = await db.user.findMany({ where: { id: { in: ids.map(BigInt) } }, select: { id: true } });
  return new Set(users.map(({ id }) => Number(id)));
}
