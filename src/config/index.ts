export type { ClusterSettings } from './cluster-settings.js';
export { loadConfig, loadConfigOrExit, type Config } from './config.js';
export type { MailSettings } from './mail-settings.js';
export { ConfigError } from './config-error.js';
export { OWN_ISSUER, type JwtIssuer } from './jwt-issuers.js';
export { Environment } from './schema.js';
