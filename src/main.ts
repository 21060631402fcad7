import cluster from 'node:cluster';
import { loadConfigOrExit } from './config/index.js';
import { serve } from './serve.js';
import { createLogger } from './shared/logger.js';
import { runWorkers } from './workers.js';

const config = loadConfigOrExit();
const log = createLogger(config.logLevel);

try {
  await (config.workers > 1 && cluster.isPrimary ? runWorkers(config, log) : serve(config, log));
} catch (error) {
  log.fatal({ err: error }, 'could not start');
  // Not only the exit code: what has been opened so far would keep the process alive.
  process.exit(1);
}
