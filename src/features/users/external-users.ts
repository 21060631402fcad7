import { randomBytes } from 'node:crypto';
import type { Database } from '../../database/index.js';
import { toColumns, type StoredProfile } from './users.queries.js';

/** A user of whom nothing is known yet. */
const NOBODY = {
  ...{ email: null, email_confirmed: false, name: null, avatar_url: null, bio: null },
  ...{ custom: null, trusted: null, private: null, internal: null },
};

/** A profile with no more than what is given, and a username if there is none. */
export function newProfile(profile: Partial<StoredProfile>): StoredProfile {
  return { username: `u${randomBytes(8).toString('hex')}`, ...NOBODY, ...profile };
}

/**
 * @returns the id of the new user; undefined when there is one with the external id.
 * @throws a unique violation, see isUniqueViolation, when another user has the username or the email.
 */
export async function createExternalUser(
  db: Database,
  externalId: string,
  profile: StoredProfile,
): Promise<number | undefined> {
  const data = { ...toColumns(profile), external_id: externalId };
  try {
    const { id } = await db.user.create({ data, select: { id: true } });
    return Number(id);
  } catch (error) {
    // Another request was quicker: then it is no matter whose name is taken.
    const other = await db.user.count({ where: { external_id: externalId } });
    if (other > 0) return undefined;
    throw error;
  }
}
