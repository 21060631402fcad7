import type { Feature } from '../feature.js';
import { authRoutes, openAuthRoutes } from './auth.routes.js';
import { ChangePassword, Credentials, Registration } from './auth.schemas.js';

export { namesTaken, userExists } from './auth.errors.js';
export { findAccount, findTaken } from './auth.queries.js';
export { Registration } from './auth.schemas.js';
export { openAccount } from './auth.service.js';
export { normalizeNames } from './spellings.js';

export const auth: Feature = {
  name: 'auth',
  tag: { name: 'Authentication', description: 'Accounts and access tokens.' },
  models: [Registration, Credentials, ChangePassword],
  openRoutes: openAuthRoutes,
  routes: authRoutes,
};
