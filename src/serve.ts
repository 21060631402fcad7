import closeWithGrace from 'close-with-grace';
import cluster from 'node:cluster';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { buildApp } from './app.js';
import { openCluster } from './cluster/index.js';
import { measureProcess, serveMetrics } from './metrics-server.js';
import { trackCluster } from './shared/metrics.js';
import { ConfigError, type Config } from './config/index.js';
import { openDatabase } from './database/index.js';
import type { Logger } from './shared/logger.js';

/** A container is killed ten seconds after it was asked to stop. */
const CLOSE_TIMEOUT_MS = 10_000;
/** Requests that are then still running are cut off, so that the rest can close in order. */
const REQUESTS_TIMEOUT_MS = 8000;
const DATABASE_CLOSE_TIMEOUT_MS = 1500;

/**
 * V8 guesses by the first rows that it sees made whether such rows live long, and then makes all of them among the old objects, where it
 * seldom looks. Rows live as long as their request. Each time that it guessed wrong, all that the rows led to stayed as well, and a page
 * cost a tenth more until the end of the process.
 */
const NO_GUESSES_ABOUT_AGE = '--no-allocation-site-pretenuring';

/** Serves until the process is asked to stop. @throws when it can't begin. */
export async function serve(config: Config, log: Logger): Promise<void> {
  setFlagsFromString(NO_GUESSES_ABOUT_AGE);
  if (config.development) log.warn('DEVELOPMENT is on: every client of this server can be anyone');
  if (!config.database.url) log.info({ folder: config.database.dataDir }, 'opening the embedded database');
  const database = await openDatabase(config.database, log);
  const shared = await openCluster(config.cluster, log);
  trackCluster(() => [[{}, Number(shared.isConnected)]]);
  const app = await buildApp(config, { db: database.db, log, cluster: shared });
  let closeMetrics: (() => void) | undefined;
  try {
    closeMetrics = await publishMetrics(config, log);
    await app.listen({ port: config.port, host: config.host });
  } catch (error) {
    closeMetrics?.();
    await app.close();
    await shared.close();
    await database.close();
    if (error instanceof ConfigError) throw error;
    throw new ConfigError([listenFailure(error as NodeJS.ErrnoException, config)], { cause: error });
  }

  closeWithGrace({ delay: CLOSE_TIMEOUT_MS, logger: log }, async ({ err, signal }) => {
    if (err) log.fatal({ err }, 'closing after an error that nobody handled');
    else log.info({ signal }, 'closing');
    app.drain();
    await sleep(config.shutdownDelayMs);
    const cutOff = setTimeout(() => {
      app.server.closeAllConnections();
    }, REQUESTS_TIMEOUT_MS - config.shutdownDelayMs);
    await app.close();
    clearTimeout(cutOff);
    closeMetrics?.();
    await shared.close();
    // A statement that still runs is rolled back by PostgreSQL when its connection ends with the process.
    await Promise.race([database.close(), sleep(DATABASE_CLOSE_TIMEOUT_MS)]);
    log.info('closed');
  });

  void database.failed.then((error) => {
    log.fatal({ err: error }, 'the database is gone');
    process.exit(1);
  });
}

/** A worker leaves it to the first process. */
async function publishMetrics(config: Config, log: Logger): Promise<(() => void) | undefined> {
  if (!config.metrics) return undefined;
  const read = measureProcess();
  return cluster.isWorker ? undefined : serveMetrics(config.metrics, read, log);
}

/** The line that says which variable is wrong. */
function listenFailure({ code, message }: NodeJS.ErrnoException, { host, port }: Config): string {
  switch (code) {
    case 'EADDRINUSE':
      return `PORT ${port} is in use: another program listens on it (HOST ${host}).`;
    case 'EACCES':
      return `PORT ${port} may not be used by this user: ports below 1024 often need special rights.`;
    case 'EADDRNOTAVAIL':
      return `HOST ${host} is not an address of this machine. 0.0.0.0 listens on all of its addresses.`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `HOST ${host} can't be resolved. It must be an address of this machine, or a name of one.`;
    default:
      return `HOST ${host} and PORT ${port} can't be used: ${message}.`;
  }
}
