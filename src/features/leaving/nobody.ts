import { isUniqueViolation, type Database } from '../../database/index.js';
import { erasedNames } from '../users/index.js';

/** The user who stands for all whose messages were made anonymous. It is erased, so nobody can be it, or write to it. */
export async function nobodyId(db: Database): Promise<number> {
  const known = await find(db);
  if (known !== undefined) return known;
  try {
    await db.user.create({
      data: { ...erasedNames(), is_nobody: true, erased_at: new Date() },
      select: { id: true },
    });
  } catch (error) {
    // Another process was quicker.
    if (!isUniqueViolation(error)) throw error;
  }
  const made = await find(db);
  if (made === undefined) throw new Error('There is no user who stands for those who are anonymous.');
  return made;
}

async function find(db: Database): Promise<number | undefined> {
  const user = await db.user.findFirst({ where: { is_nobody: true }, select: { id: true } });
  return user ? Number(user.id) : undefined;
}
