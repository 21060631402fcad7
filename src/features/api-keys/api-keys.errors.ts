import { defineError } from '../../shared/errors.js';

export const secretInBrowser = defineError(
  403,
  'SECRET_IN_BROWSER',
  'An API key is a secret of a server: it must never be sent from a web page.',
);
export const addressNotAllowed = defineError(403, 'ADDRESS_NOT_ALLOWED', 'This API key may not be used from here.');
export const scopeRequired = defineError(403, 'SCOPE_REQUIRED', 'This API key does not have the scope that it needs.');
export const actAsRequired = defineError(
  403,
  'ACT_AS_REQUIRED',
  'An API key needs the header Act-As to ask as a user.',
);
export const apiKeyNotFound = defineError(404, 'API_KEY_NOT_FOUND', 'There is no such API key.');
