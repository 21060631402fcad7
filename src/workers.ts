import cluster, { type Worker } from 'node:cluster';
import type { Config } from './config/index.js';
import { openDatabase } from './database/index.js';
import { measureWorkers, serveMetrics } from './metrics-server.js';
import type { Logger } from './shared/logger.js';

/** A worker that dies sooner than this after its start may do so again. */
const SHORT_LIFE_MS = 10_000;
const FIRST_DELAY_MS = 100;
const MAX_DELAY_MS = 10_000;

/** Runs the whole server in several processes that share the port, and starts another for each that dies. */
export async function runWorkers(config: Config, log: Logger): Promise<void> {
  if (config.database.migrate) await (await openDatabase(config.database, log)).close();
  if (config.metrics) await serveMetrics(config.metrics, measureWorkers(), log);
  let stopping = false;
  let listening = false;
  let delayMs = FIRST_DELAY_MS;

  const start = () => {
    const startedAt = Date.now();
    const worker = cluster.fork({ MIGRATE: 'off' });
    worker.once('listening', () => {
      listening = true;
    });
    worker.once('exit', (code, signal) => {
      if (stopping) return;
      if (!listening) {
        log.fatal({ code, signal }, 'a worker could not start');
        process.exit(1);
      }
      delayMs = Date.now() - startedAt < SHORT_LIFE_MS ? Math.min(delayMs * 2, MAX_DELAY_MS) : FIRST_DELAY_MS;
      log.error({ code, signal, delayMs }, 'a worker died; another is started');
      setTimeout(() => {
        if (!stopping) start();
      }, delayMs);
    });
  };

  const stop = (signal: NodeJS.Signals) => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'closing the workers');
    const workers = Object.values(cluster.workers ?? {}).filter((worker): worker is Worker => worker !== undefined);
    let left = workers.length;
    if (left === 0) process.exit(0);
    for (const worker of workers) {
      worker.once('exit', () => {
        if (--left === 0) process.exit(0);
      });
      // A terminal signals them too, and a second signal would end them at once.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) worker.process.kill(signal);
    }
  };
  process.on('SIGTERM', stop).on('SIGINT', stop);

  for (let count = 0; count < config.workers; count++) start();
}
