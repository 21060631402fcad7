import { Socket } from 'node:net';
import pg from 'pg';
import type { Logger } from '../shared/logger.js';
import { poolWaitSeconds, trackPool } from '../shared/metrics.js';
import { clientFor } from './schema-client.js';

export interface PoolOptions {
  readonly url: string;
  /** In which the tables are. */
  readonly schema: string;
  /** How many connections are kept at the most. */
  readonly size: number;
  /** How long a request waits for a connection before it is refused. */
  readonly acquireTimeoutMs: number;
  /** How long PostgreSQL works on one statement before it gives up. */
  readonly statementTimeoutMs: number;
  /** How long PostgreSQL keeps a transaction open in which nothing is said; 0 for ever. */
  readonly idleTransactionTimeoutMs: number;
}

/** PostgreSQL gives up on a statement first; the limit on this side is for when nothing is heard of it any more. */
const SILENCE_MS = 1000;

/** The one pool that Prisma and the prepared statements share. */
export function createPool(options: PoolOptions, log: Logger): pg.Pool {
  const pool = new MeasuredPool({
    Client: clientFor(options.schema),
    connectionString: options.url,
    max: options.size,
    connectionTimeoutMillis: options.acquireTimeoutMs,
    // A connection is closed before it could be taken for silent only because nothing was asked of it.
    idleTimeoutMillis: options.statementTimeoutMs,
    stream: () => endedBySilence(options.statementTimeoutMs + SILENCE_MS),
    keepAlive: true,
    application_name: 'messenger-backend',
    // Not as start-up parameters: a connection pooler refuses parameters that it does not know.
    // eslint-disable-next-line @typescript-eslint/no-misused-promises -- the pool waits for it, its types do not say so
    onConnect: async (client) => {
      await client.query(
        `SET statement_timeout = ${options.statementTimeoutMs}; SET TimeZone = 'UTC'; SET DateStyle = 'ISO';
         SET idle_in_transaction_session_timeout = ${options.idleTransactionTimeoutMs}`,
      );
    },
  });
  // An idle connection that PostgreSQL closes is no request's error; the pool opens another when one is needed.
  pool.on('error', (error) => {
    log.warn({ err: error }, 'lost an idle database connection');
  });
  return pool;
}

/** Measures how long its connections are waited for. */
class MeasuredPool extends pg.Pool {
  readonly #untrack = trackPool(() => [
    [{ state: 'idle' }, this.idleCount],
    [{ state: 'busy' }, this.totalCount - this.idleCount],
    [{ state: 'awaited' }, this.waitingCount],
  ]);

  override connect(): Promise<pg.PoolClient>;
  override connect(callback: Parameters<pg.Pool['connect']>[0]): void;
  override connect(callback?: Parameters<pg.Pool['connect']>[0]): Promise<pg.PoolClient> | undefined {
    const observe = poolWaitSeconds.startTimer();
    if (!callback) {
      const connected = super.connect();
      void connected.finally(observe).catch(() => undefined);
      return connected;
    }
    super.connect((error, client, done) => {
      observe();
      callback(error, client, done);
    });
    return undefined;
  }

  override async end(): Promise<void> {
    this.#untrack();
    await super.end();
  }
}

/** Cheaper than the driver's query_timeout, which starts and stops a timer for each statement. */
function endedBySilence(timeoutMs: number): Socket {
  const socket = new Socket();
  return socket.setTimeout(timeoutMs, () => socket.destroy());
}
