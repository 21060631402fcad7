import closeWithGrace from 'close-with-grace';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildApp } from './app.js';
import type { Config } from './config/index.js';
import { openDatabase } from './database/index.js';
import type { Logger } from './shared/logger.js';
import { connectRedis } from './shared/redis.js';

/** A container is killed ten seconds after it was asked to stop. */
const CLOSE_TIMEOUT_MS = 10_000;
/** Requests that are then still running are cut off, so that the rest can close in order. */
const REQUESTS_TIMEOUT_MS = 8000;
const DATABASE_CLOSE_TIMEOUT_MS = 1500;

/** Serves until the process is asked to stop. @throws when it can't begin. */
export async function serve(config: Config, log: Logger): Promise<void> {
  if (!config.database.url) log.info({ folder: config.database.dataDir }, 'opening the embedded database');
  const database = await openDatabase(config.database, log);
  const redis = config.redis && connectRedis(config.redis, log);
  const app = await buildApp(config, { db: database.db, log, redis });
  await app.listen({ port: config.port, host: config.host });

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
    redis?.close();
    // A statement that still runs is rolled back by PostgreSQL when its connection ends with the process.
    await Promise.race([database.close(), sleep(DATABASE_CLOSE_TIMEOUT_MS)]);
    log.info('closed');
  });

  void database.failed.then((error) => {
    log.fatal({ err: error }, 'the database is gone');
    process.exit(1);
  });
}
