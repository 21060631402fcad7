import { loadConfig } from '../src/config/index.js';

/** What a server has of whose settings nothing is said; for programs that describe the API and start none. */
export const usualConfig = loadConfig({ JWT_SECRET: 'describing the API signs no token', WEB_PAGE: 'off' });
