import type { Feature } from '../feature.js';
import { authRoutes, openAuthRoutes } from './auth.routes.js';
import { ChangePassword, Credentials, Registration } from './auth.schemas.js';

export { namesTaken, userExists, wrongCredentials } from './auth.errors.js';
export { createUser, findAccount, findAccountById, findTaken } from './auth.queries.js';
export { EXAMPLE_PASSWORD, NewPassword, Password, Registration } from './auth.schemas.js';
export { openAccount, refuseGuessable, requirePassword, setPassword } from './auth.service.js';
export { passwordChangedLetter } from './password-changed.letter.js';
export { hashPassword } from './passwords.js';
export { normalizeNames, normalizeNamesOfBody } from './spellings.js';

export const auth: Feature = {
  name: 'auth',
  tag: { name: 'Authentication', description: 'Accounts and access tokens.' },
  models: [Registration, Credentials, ChangePassword],
  openRoutes: openAuthRoutes,
  routes: authRoutes,
};
