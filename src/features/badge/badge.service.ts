import type { Context } from '../../changes/index.js';
import { notAuthorized } from '../../shared/errors.js';
import type { Badge } from './badge.schemas.js';

/** @param within the chats that count; undefined: all. @throws NOT_AUTHORIZED when the user is gone. */
export async function getBadge(
  { statements }: Pick<Context, 'statements'>,
  userId: number,
  within: ReadonlySet<number> | undefined,
): Promise<Badge> {
  const badge = await statements.user.badge(userId, within);
  if (!badge) throw notAuthorized();
  return badge;
}
