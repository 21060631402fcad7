export { HostTokenError } from './host-token-error.js';
export { HostTokens, type HostClaims } from './host-tokens.js';
