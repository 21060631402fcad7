import { join } from 'node:path';
import type { BenchDatabase } from '../data/database.js';
import { startServer, TYPESCRIPT, type RunningServer } from './process.js';

export function startLimit({ url, poolSize }: BenchDatabase, folder: string): Promise<RunningServer> {
  const environment = { DATABASE_URL: url, DATABASE_POOL_SIZE: String(poolSize), TZ: 'UTC', NODE_ENV: 'production' };
  return startServer('limit', [...TYPESCRIPT, join(import.meta.dirname, 'limit.main.ts')], environment, folder);
}
