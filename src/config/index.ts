export { ConfigError, loadConfig, readEnvironment, type Config } from './config.js';
export { Environment } from './schema.js';
