import { audit, type Actor } from '../../audit/index.js';
import { validationError } from '../../shared/errors.js';
import { readTime } from '../../shared/read-time.js';
import type { Services } from '../feature.js';
import { endOthers, endTokens, revokeEverybody } from '../sessions/index.js';

type Context = Pick<Services, 'db' | 'revocations'>;

/** @throws VALIDATION_ERROR for a time to come, which would refuse tokens that nobody has yet. */
function readBefore(text: string | undefined): number {
  const before = text === undefined ? Date.now() : readTime('before', text).getTime();
  if (before > Date.now()) throw validationError({ errors: { before: 'must not be in the future' } });
  return before;
}

/** @param text the time before which tokens were issued; undefined: now, and then the sessions end, too. */
export async function revokeUser(
  { db, revocations }: Context,
  actor: Actor,
  userId: number,
  text: string | undefined,
): Promise<void> {
  const before = readBefore(text);
  const end = text === undefined ? endOthers : endTokens;
  const ended = await db.inTransaction(userId, async (tx) => {
    await audit(tx, { actor, action: 'tokens.revoked', userId, details: { before: new Date(before).toISOString() } });
    return end(tx, userId, { before });
  });
  revocations.apply(ended);
}

export async function revokeAll(context: Context, actor: Actor, text: string | undefined): Promise<void> {
  await revokeEverybody(context, actor, readBefore(text));
}
