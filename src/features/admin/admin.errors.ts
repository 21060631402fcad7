import { defineError } from '../../shared/errors.js';

export const adminRequired = defineError(
  403,
  'ADMIN_REQUIRED',
  'This is for admins, and for API keys with the scope admin.',
);
export const ownAccount = defineError(403, 'OWN_ACCOUNT', "You can't suspend your own account.");
export const lastAdmin = defineError(409, 'LAST_ADMIN', 'This is the last admin whose account is in use.');
