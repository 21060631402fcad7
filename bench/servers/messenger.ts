import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { ServedDatabase } from '../data/database.js';
import { startServer, type RunningServer } from './process.js';

const MAIN = join(import.meta.dirname, '../../dist/main.js');

/** The same for each, so that a token of one is good for all. */
export const SECRET = randomBytes(32).toString('hex');

/**
 * The server as it is in production, with all its defaults but one: the benchmark is a single address, which may ask for
 * more logins here than anywhere else.
 */
export function startMessenger(
  { url, poolSize }: ServedDatabase,
  folder: string,
  { redisUrl }: { readonly redisUrl?: string } = {},
): Promise<RunningServer> {
  return startServer(
    'messenger',
    [MAIN],
    {
      ...(url !== undefined && { DATABASE_URL: url }),
      DATABASE_POOL_SIZE: String(poolSize),
      DATA_DIR: folder,
      JWT_SECRET: SECRET,
      RATE_LIMIT_CREDENTIALS: '0',
      RATE_LIMIT_LOGIN_FAILURES: '0',
      // Counted as in production, at values that the few users of the load do not reach.
      RATE_LIMIT_REQUESTS: '1000000000',
      RATE_LIMIT_SENDS: '1000000000',
      SHUTDOWN_DELAY_MS: '0',
      NODE_ENV: 'production',
      ...(redisUrl !== undefined && { REDIS_URL: redisUrl, REDIS_PREFIX: `messenger-bench-${SECRET.slice(0, 12)}:` }),
    },
    folder,
  );
}
