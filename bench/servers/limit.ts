import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BenchDatabase } from '../data/database.js';
import { startServer, type RunningServer } from './process.js';

const LOADER = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

export function startLimit({ url, poolSize }: BenchDatabase, folder: string): Promise<RunningServer> {
  const environment = { DATABASE_URL: url, DATABASE_POOL_SIZE: String(poolSize), TZ: 'UTC', NODE_ENV: 'production' };
  return startServer('limit', ['--import', LOADER, join(import.meta.dirname, 'limit.main.ts')], environment, folder);
}
