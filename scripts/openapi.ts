// `npm run openapi` writes openapi.json from the schemas of the routes; `npm run openapi:check` ends with 1 when the
// committed file says something else.
import { readFile, writeFile } from 'node:fs/promises';
import { format } from 'prettier';
import { buildApp } from '../src/app.js';
import type { Database } from '../src/database/index.js';
import { createLogger } from '../src/shared/logger.js';

const FILE = new URL('../openapi.json', import.meta.url);

const app = await buildApp(
  {
    jwt: { secret: 'describing the API signs no token', ttlSeconds: 1 },
    corsOrigins: false,
    trustProxy: false,
    rateLimits: { credentials: 0, loginFailures: 0 },
    logRequestsPerSecond: 0,
    maxConcurrentRequests: 500,
  },
  // Routes are described, not called: the database is never touched.
  { db: {} as Database, log: createLogger('silent') },
);
await app.ready();
const fresh = await format(JSON.stringify(app.swagger()), { parser: 'json', printWidth: 120 });
await app.close();

if (process.argv[2] === 'check') {
  const committed = await readFile(FILE, 'utf8').catch(() => '');
  if (committed !== fresh) {
    console.error('openapi.json is not what the routes say. Run: npm run openapi');
    process.exitCode = 1;
  }
} else {
  await writeFile(FILE, fresh);
}
