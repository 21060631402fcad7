import { loadConfigOrExit } from '../src/config/index.js';
import { openDataFolder, runningDatabaseUrl } from '../src/database/embedded/data-folder.js';
import { EMBEDDED_SCHEMA, locate, type Location } from '../src/database/location.js';
import { migrate } from '../src/database/migrations/migrate.js';
import { createLogger } from '../src/shared/logger.js';

export interface ToolDatabase extends Location {
  close(): Promise<void>;
}

/**
 * The database that the server uses, migrated: that of DATABASE_URL, or the embedded one. A server that has the
 * embedded one open shares it; otherwise it is opened here.
 */
export async function openToolDatabase(): Promise<ToolDatabase> {
  const { url, dataDir } = loadConfigOrExit().database;
  const log = createLogger('warn');
  const running = url === undefined ? await runningDatabaseUrl(dataDir) : undefined;
  const opened = url === undefined && running === undefined ? await openDataFolder(dataDir) : undefined;
  const embedded = running ?? opened?.url;
  const location = embedded === undefined ? await locate(url ?? '') : { url: embedded, schema: EMBEDDED_SCHEMA };
  await migrate(location, log);
  return {
    ...location,
    async close() {
      await opened?.close();
    },
  };
}
