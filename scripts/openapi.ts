// `npm run openapi` writes openapi.json from the schemas of the routes; `npm run openapi:check` ends with 1 when the
// committed file says something else.
import { buildApp } from '../src/app.js';
import type { Database } from '../src/database/index.js';
import { createLogger } from '../src/shared/logger.js';
import { writeOrCheck } from './generated-file.js';
import { usualConfig } from './usual-config.js';

const app = await buildApp(
  // The URL is an example: at run time it is the server's own.
  { ...usualConfig, publicUrl: 'http://127.0.0.1:8000' },
  // Routes are described, not called: the database is never touched.
  { db: {} as Database, log: createLogger('silent') },
);
const document: unknown = (await app.inject('/openapi.json')).json();
await app.close();
await writeOrCheck('openapi.json', document);
