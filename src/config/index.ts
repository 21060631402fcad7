export { ConfigError, loadConfig, loadConfigOrExit, type Config } from './config.js';
export { Environment } from './schema.js';
