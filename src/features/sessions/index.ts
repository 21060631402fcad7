import type { Feature } from '../feature.js';
import { AccessToken } from './access-token.js';
import { openSessionRoutes, sessionRoutes } from './sessions.routes.js';
import { sessionModels } from './sessions.schemas.js';

export { ACCESS_SECONDS, AccessToken, firstTokens } from './access-token.js';
export { InCookie } from './sessions.schemas.js';
export { createSession, takeLabelledSession, type StoredSession } from './sessions.queries.js';
export { endOthers, endTokens, requireUser, revokeEverybody } from './sessions.service.js';

export const sessions: Feature = {
  name: 'sessions',
  models: [AccessToken, ...sessionModels],
  openRoutes: openSessionRoutes,
  routes: sessionRoutes,
};
