import type { Context } from '../../changes/index.js';
import { sortTeams } from '../../shared/teams.js';
import { createExternalUser, findUserId, newProfile } from '../users/index.js';

interface Newcomer {
  readonly name?: string | undefined;
  readonly avatarUrl?: string | undefined;
  readonly locale?: string | undefined;
  readonly teams?: readonly string[] | undefined;
  /** Whether somebody of whom this server has not heard becomes a user. */
  readonly firstSight: 'create' | 'refuse';
}

/** The user whom the host application names. @returns undefined when there is none, and none is to be made. */
export async function findOrCreate(
  { db }: Pick<Context, 'db'>,
  externalId: string,
  { name, avatarUrl, locale, teams = [], firstSight }: Newcomer,
): Promise<{ userId: number; isNew: boolean } | undefined> {
  const ref = `ext:${externalId}`;
  const known = await findUserId(db, ref);
  if (known !== undefined) return { userId: known, isNew: false };
  if (firstSight === 'refuse') return undefined;
  const created = await createExternalUser(
    db,
    externalId,
    newProfile({
      ...{ name: name ?? null, avatar_url: avatarUrl ?? null, locale: locale ?? null },
      teams: sortTeams(teams),
    }),
  );
  if (created !== undefined) return { userId: created, isNew: true };
  const userId = await findUserId(db, ref);
  return userId === undefined ? undefined : { userId, isNew: false };
}
