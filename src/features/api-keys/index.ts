import type { Feature } from '../feature.js';
import { apiKeyRoutes } from './api-keys.routes.js';
import { keyAuthentication } from './key-authentication.js';
import { ApiKey, ApiKeyScope, ApiKeyList, CreateApiKey, NewApiKey } from './api-keys.schemas.js';

export { scopeRequired } from './api-keys.errors.js';
export { KEY_ERRORS } from './api-keys.routes.js';
export { listKeys, revokeKey } from './api-keys.queries.js';
export { createKey } from './api-keys.service.js';
export { SCOPES, isScope } from './scopes.js';
export { requireKey, requireScope, requireUser } from './key-authentication.js';

export const apiKeys: Feature = {
  name: 'api-keys',
  tag: { name: 'Server', description: 'For the server of the host application, by an API key.' },
  models: [ApiKey, ApiKeyScope, NewApiKey, ApiKeyList, CreateApiKey],
  credentials: (services) => [keyAuthentication(services)],
  serverRoutes: apiKeyRoutes,
};
