import cluster from 'node:cluster';
import { ConfigError, loadConfigOrExit } from './config/index.js';
import { serve } from './serve.js';
import { createLogger } from './shared/logger.js';
import { runWorkers } from './workers.js';

const config = loadConfigOrExit();
const log = createLogger(config.logLevel);

try {
  await (config.workers > 1 && cluster.isPrimary ? runWorkers(config, log) : serve(config, log));
} catch (error) {
  log.fatal({ err: error }, 'could not start');
  if (error instanceof ConfigError) for (const line of error.lines) console.error(line);
  // Not only the exit code: what has been opened so far would keep the process alive.
  process.exit(1);
}
