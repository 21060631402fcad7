import { toJsonColumn, type Database, type Prisma } from '../../database/index.js';
import { readUser, type StoredProfile } from '../users/index.js';
import { serverUserProjection } from './server-users.schemas.js';

/**
 * @returns the new user; undefined when there is one with the external id.
 * @throws a unique violation, see isUniqueViolation, when another user has the username or the email.
 */
export async function insertUser(
  db: Database,
  externalId: string,
  { custom, trusted, private: own, internal, ...profile }: StoredProfile,
): Promise<object | undefined> {
  const data = {
    ...{ ...profile, external_id: externalId },
    custom: toJsonColumn(custom),
    trusted: toJsonColumn(trusted),
    private: toJsonColumn(own),
    internal: toJsonColumn(internal),
  } satisfies Prisma.UserCreateInput;
  try {
    const { id } = await db.user.create({ data, select: { id: true } });
    return await readUser(db, serverUserProjection, Number(id));
  } catch (error) {
    const other = await db.user.findUnique({ where: { external_id: externalId }, select: { id: true } });
    if (other) return undefined;
    throw error;
  }
}
