import type { Logger } from '../shared/logger.js';
import { createClient, type Database } from './client.js';
import { EMBEDDED_SCHEMA, locate, presumed, type Location } from './location.js';
import { openDataFolder, runningDatabaseUrl } from './embedded/data-folder.js';
import { Maintenance } from './embedded/maintenance.js';
import { migrate } from './migrations/migrate.js';
import { isUnavailable } from './failures.js';
import { createPool } from './pool.js';
import { checkPooler } from './check-pgbouncer.js';

/** PGlite has one session: a second connection would only wait inside of it, where no time-out reaches. */
const EMBEDDED_POOL_SIZE = 1;

/** A statement may work twice as long as a request waits for a connection. */
const STATEMENT_TIMEOUT_FACTOR = 2;

interface DatabaseOptions {
  /** undefined: the embedded one, in dataDir. */
  readonly url: string | undefined;
  readonly dataDir: string;
  readonly poolSize: number;
  /** How long a request waits for a free connection. */
  readonly timeoutMs: number;
  /** Whether pending migrations are applied. */
  readonly migrate: boolean;
  /** Whether an embedded database that a server has open is used beside it, as a tool does. */
  readonly shared?: boolean;
}

export interface OpenDatabase {
  readonly db: Database;
  /** Settles when the database is gone for good, and only a new start can help. */
  readonly failed: Promise<Error>;
  close(): Promise<void>;
}

/** @throws Error when the database can't be reached or used, its folder is in use, or a migration fails. */
export async function openDatabase(options: DatabaseOptions, log: Logger): Promise<OpenDatabase> {
  const isEmbedded = options.url === undefined;
  const running = isEmbedded && options.shared ? await runningDatabaseUrl(options.dataDir) : undefined;
  const embedded = isEmbedded && running === undefined ? await openDataFolder(options.dataDir) : undefined;
  const close = async () => {
    await embedded?.close();
  };
  let location: Location;
  try {
    const url = embedded?.url ?? running;
    location = url === undefined ? await locateOrPresume(options) : { url, schema: EMBEDDED_SCHEMA };
    if (options.migrate) await migrate(location, log);
  } catch (error) {
    await close();
    throw error;
  }
  const pool = createPool(
    {
      ...location,
      size: isEmbedded ? EMBEDDED_POOL_SIZE : options.poolSize,
      acquireTimeoutMs: options.timeoutMs,
      statementTimeoutMs: options.timeoutMs * STATEMENT_TIMEOUT_FACTOR,
      // The gateway of the embedded database does that.
      idleTransactionTimeoutMs: isEmbedded ? 0 : options.timeoutMs * STATEMENT_TIMEOUT_FACTOR,
    },
    log,
  );
  try {
    if (!isEmbedded && options.poolSize > 1) await checkPooler(pool);
  } catch (error) {
    // One that is away may come back.
    if (!isUnavailable(error)) {
      await pool.end();
      throw error;
    }
  }
  const db = createClient(pool, location.schema, options.timeoutMs);
  const maintenance = embedded && new Maintenance(embedded.url, log);
  return {
    db,
    failed: embedded?.failed ?? new Promise<never>(() => undefined),
    async close() {
      await db.$disconnect();
      await pool.end();
      await maintenance?.close();
      await close();
    },
  };
}

/** One that is away may come back, unless its tables have to be made now. */
async function locateOrPresume({ url = '', migrate }: DatabaseOptions): Promise<Location> {
  try {
    return await locate(url);
  } catch (error) {
    if (migrate || !isUnavailable(error)) throw error;
    return presumed(url);
  }
}
