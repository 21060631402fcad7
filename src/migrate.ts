// `npm run migrate` applies the pending migrations and ends; for operators who start the server with MIGRATE=off.
import { loadConfigOrExit } from './config/index.js';
import { openDatabase } from './database/index.js';
import { createLogger } from './shared/logger.js';

const config = loadConfigOrExit();
const log = createLogger(config.logLevel);

try {
  const database = await openDatabase({ ...config.database, migrate: true }, log);
  await database.close();
  log.info('the database is up to date');
} catch (error) {
  log.fatal({ err: error }, 'could not migrate');
  process.exit(1);
}
