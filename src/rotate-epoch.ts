import { loadConfigOrExit } from './config/index.js';
import { openDatabase, rotateEpoch } from './database/index.js';
import { createLogger } from './shared/logger.js';

// After a restore, the pts that clients have seen since the backup stand for other changes.
const config = loadConfigOrExit();
const log = createLogger(config.logLevel);
try {
  const database = await openDatabase({ ...config.database, migrate: false }, log);
  log.info({ epoch: await rotateEpoch(database.db) }, 'clients will start afresh');
  await database.close();
} catch (error) {
  log.fatal({ err: error }, 'the epoch could not be changed');
  process.exit(1);
}
