import { join } from 'node:path';
import type { BenchDatabase } from '../data/database.js';
import { startServer, TYPESCRIPT, type RunningServer } from './process.js';

export function startBaseline({ url, poolSize }: BenchDatabase, folder: string): Promise<RunningServer> {
  const environment = { DATABASE_URL: url, DATABASE_POOL_SIZE: String(poolSize), TZ: 'UTC', NODE_ENV: 'production' };
  return startServer('baseline', [...TYPESCRIPT, join(import.meta.dirname, 'baseline.main.ts')], environment, folder);
}
