import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { ServedDatabase } from '../data/database.js';
import { startServer, type RunningServer } from './process.js';

const MAIN = join(import.meta.dirname, '../../dist/main.js');

/** The same for each, so that a token of one is good for all. */
export const SECRET = randomBytes(32).toString('hex');

const NEVER_REACHED = '1000000000';

/** All limits count as in production, at values that the one address and the few users of the load do not reach. */
export const LIMITS = {
  RATE_LIMIT_CREDENTIALS: NEVER_REACHED,
  RATE_LIMIT_LOGIN_FAILURES: NEVER_REACHED,
  RATE_LIMIT_REQUESTS: NEVER_REACHED,
  RATE_LIMIT_SENDS: NEVER_REACHED,
  RATE_LIMIT_CHATS: NEVER_REACHED,
  RATE_LIMIT_PEOPLE: NEVER_REACHED,
};

/** The server as it is in production, with all its defaults but for the limits' values. */
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
      ...LIMITS,
      SHUTDOWN_DELAY_MS: '0',
      NODE_ENV: 'production',
      ...(redisUrl !== undefined && {
        CLUSTER_URL: redisUrl,
        CLUSTER_PREFIX: `messenger-bench-${SECRET.slice(0, 12)}:`,
      }),
    },
    folder,
  );
}
