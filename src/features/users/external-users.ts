import { randomBytes } from 'node:crypto';
import type { Database, Transaction } from '../../database/index.js';
import { toColumns, type StoredProfile } from './users.queries.js';

/** A user of whom nothing is known yet. */
const NOBODY = {
  ...{ email: null, email_confirmed: false, name: null, avatar_url: null, bio: null },
  ...{ custom: null, trusted: null, private: null, internal: null },
  ...{
    accepts_messages: 'everybody' as const,
    findable: true,
    shows_last_seen: true,
    shows_receipts: true,
    locale: null,
    notifications: 'all' as const,
    teams: [],
  },
  ...{ role: 'user' as const },
};

/** A profile with no more than what is given, and a username if there is none. */
export function newProfile(profile: Partial<StoredProfile>): StoredProfile {
  return { username: `u${randomBytes(8).toString('hex')}`, ...NOBODY, ...profile };
}

/**
 * @param also what belongs to it, in its transaction.
 * @returns the id of the new user; undefined when there is one with the external id.
 * @throws a unique violation, see isUniqueViolation, when another user has the username or the email.
 */
export async function createExternalUser(
  db: Database,
  externalId: string,
  profile: StoredProfile,
  also?: (tx: Transaction, userId: number) => Promise<void>,
): Promise<number | undefined> {
  const data = { ...toColumns(profile), external_id: externalId };
  const create = async (tx: Transaction) => Number((await tx.user.create({ data, select: { id: true } })).id);
  try {
    if (!also) return await create(db);
    return await db.inTransaction(externalId, async (tx) => {
      const userId = await create(tx);
      await also(tx, userId);
      return userId;
    });
  } catch (error) {
    // Another request was quicker: then it is no matter whose name is taken.
    const other = await db.user.count({ where: { external_id: externalId } });
    if (other > 0) return undefined;
    throw error;
  }
}
