// `npm run openapi` writes openapi.json from the schemas of the routes; `npm run openapi:check` ends with 1 when the
// committed file says something else.
import { buildApp } from '../src/app.js';
import type { Database } from '../src/database/index.js';
import { createLogger } from '../src/shared/logger.js';
import { writeOrCheck } from './generated-file.js';

const app = await buildApp(
  {
    // An example: at run time it is the server's own.
    publicUrl: 'http://127.0.0.1:8000',
    webPage: undefined,
    jwt: { secret: 'describing the API signs no token', previousSecret: undefined, ttlSeconds: 1 },
    jwtIssuers: [],
    development: false,
    corsOrigins: false,
    trustProxy: false,
    messages: { editHistory: { days: 30, isForEveryone: false }, editWindowSeconds: { private: 0, group: 0 } },
    rateLimits: { credentials: 0, loginFailures: 0, requests: 0, sends: 0, chats: 0, people: 0, searches: 0 },
    logRequestsPerSecond: 0,
    maxConcurrentRequests: 500,
    maxSockets: 1000,
    socketCompression: false,
    mail: undefined,
    reportReasons: [],
    publicGroups: false,
    twoFactor: { issuer: 'Messenger', isRequiredOfAdmins: false },
  },
  // Routes are described, not called: the database is never touched.
  { db: {} as Database, log: createLogger('silent') },
);
const document: unknown = (await app.inject('/openapi.json')).json();
await app.close();
await writeOrCheck('openapi.json', document);
