export { IDLE_SECONDS, RefreshCookie } from './refresh-cookie.js';
export { RefreshTokens } from './refresh-token.js';
export { Revocations } from './revocations.js';
export { insertRevocations } from './revocations.queries.js';
