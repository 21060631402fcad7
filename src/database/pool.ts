import pg from 'pg';
import type { Logger } from '../shared/logger.js';

export interface PoolOptions {
  readonly url: string;
  /** How many connections are kept at the most. */
  readonly size: number;
  /** How long a request waits for a connection before it is refused. */
  readonly acquireTimeoutMs: number;
  /** How long PostgreSQL works on one statement before it gives up. */
  readonly statementTimeoutMs: number;
}

/** PostgreSQL gives up first; the client's own limit is for when nothing is heard of it any more. */
const SILENCE_MS = 1000;

/** The one pool that Prisma and the prepared statements share. */
export function createPool(options: PoolOptions, log: Logger): pg.Pool {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.size,
    connectionTimeoutMillis: options.acquireTimeoutMs,
    query_timeout: options.statementTimeoutMs + SILENCE_MS,
    keepAlive: true,
    application_name: 'messenger-backend',
    // Not as start-up parameters: a connection pooler in between refuses those that it does not know.
    // eslint-disable-next-line @typescript-eslint/no-misused-promises -- the pool waits for it, its types do not say so
    onConnect: async (client) => {
      await client.query(
        `SET statement_timeout = ${options.statementTimeoutMs}; SET TimeZone = 'UTC'; SET DateStyle = 'ISO'`,
      );
    },
  });
  // An idle connection that PostgreSQL closes is no request's error; the pool opens another when one is needed.
  pool.on('error', (error) => {
    log.warn({ err: error }, 'lost an idle database connection');
  });
  return pool;
}
