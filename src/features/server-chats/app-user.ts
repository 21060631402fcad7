import { isUniqueViolation, type Database } from '../../database/index.js';
import { newProfile } from '../users/index.js';

/** The user who stands for the host application: the author of what it writes itself. */
export async function appUserId(db: Database): Promise<number> {
  const known = await find(db);
  if (known !== undefined) return known;
  const { username } = newProfile({});
  try {
    await db.user.create({ data: { username: `app-${username}`, name: 'System', is_app: true }, select: { id: true } });
  } catch (error) {
    // Another request was quicker.
    if (!isUniqueViolation(error)) throw error;
  }
  const made = await find(db);
  if (made === undefined) throw new Error('There is no user who stands for the host application.');
  return made;
}

async function find(db: Database): Promise<number | undefined> {
  const user = await db.user.findFirst({ where: { is_app: true }, select: { id: true } });
  return user ? Number(user.id) : undefined;
}
