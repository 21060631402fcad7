import { loadConfigOrExit } from '../src/config/index.js';
import { openDataFolder, runningDatabaseUrl } from '../src/database/embedded/data-folder.js';
import { migrate } from '../src/database/migrations/migrate.js';
import { createLogger } from '../src/shared/logger.js';

export interface ToolDatabase {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * The database that the server uses, migrated: that of DATABASE_URL, or the embedded one. A server that has the
 * embedded one open shares it; otherwise it is opened here.
 */
export async function openToolDatabase(): Promise<ToolDatabase> {
  const { url, dataDir } = loadConfigOrExit().database;
  const log = createLogger('warn');
  const reachable = url ?? (await runningDatabaseUrl(dataDir));
  if (reachable !== undefined) {
    await migrate(reachable, log);
    return { url: reachable, close: () => Promise.resolve() };
  }
  const embedded = await openDataFolder(dataDir);
  await migrate(embedded.url, log);
  return embedded;
}
