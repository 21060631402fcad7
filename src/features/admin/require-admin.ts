import type { onRequestAsyncHookHandler } from 'fastify';
import { notAuthorized } from '../../shared/errors.js';
import type { Services } from '../feature.js';
import { adminRequired, twoFactorRequired } from './admin.errors.js';
import { findAccount } from './admin.queries.js';

/**
 * For routes that need an admin. The role is read with each request, so that a user who has lost it is refused at once. A key
 * is asked for its own scope alone: by acting as an admin it becomes none.
 */
export function requireAdmin({ db, config }: Services): onRequestAsyncHookHandler {
  return async ({ apiKey, userId, refusal, tooNarrow }) => {
    if (apiKey) {
      if (!apiKey.scopes.has('admin')) throw adminRequired();
      return;
    }
    if (userId === 0) throw tooNarrow ?? notAuthorized({ reason: refusal });
    const account = await db.inTurn(userId, () => findAccount(db, userId));
    if (!account) throw notAuthorized();
    if (account.isSuspended) throw notAuthorized({ reason: 'USER_SUSPENDED' });
    if (!account.isAdmin) throw adminRequired();
    if (config.twoFactor.isRequiredOfAdmins && !account.hasSecondFactor) throw twoFactorRequired();
  };
}
