import { defineError, notAuthorized } from '../../shared/errors.js';

export const adminRequired = defineError(
  403,
  'ADMIN_REQUIRED',
  'This is for admins, and for API keys with the scope admin.',
);
export const twoFactorRequired = defineError(
  403,
  'TWO_FACTOR_REQUIRED',
  'Admins need a second factor here. Turn yours on: POST /user/two-factor.',
);
export const ownAccount = defineError(403, 'OWN_ACCOUNT', "You can't do this to your own account.");
export const lastAdmin = defineError(409, 'LAST_ADMIN', 'This is the last admin whose account is in use.');

/** What every request for admins may answer. */
export const ADMIN_ERRORS = [notAuthorized, adminRequired, twoFactorRequired] as const;
