import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { constants, gzipSync } from 'node:zlib';
import lockfile from 'proper-lockfile';
import { openDatabase } from '../../database/index.js';
import { startEmbeddedPostgres } from '../../database/embedded/postgres.js';
import { createLogger } from '../../shared/logger.js';

/** Another process that makes the same file is waited for, and taken for dead when it has said nothing for so long. */
const WAITING = { stale: 10_000, update: 2000, retries: { retries: 600, factor: 1, minTimeout: 100, maxTimeout: 100 } };

/** Makes the file with an empty, migrated database, unless there is one by then. It is there as a whole or not at all. */
export async function makeTemplate(file: string): Promise<void> {
  const leave = await lockfile.lock(file, { ...WAITING, realpath: false });
  try {
    if (existsSync(file)) return;
    const draft = `${file}.${randomBytes(6).toString('hex')}.new`;
    try {
      await writeFile(draft, gzipSync(await emptyDatabase(), { level: constants.Z_BEST_SPEED }));
      await rename(draft, file);
    } finally {
      await rm(draft, { force: true });
    }
  } finally {
    await leave();
  }
}

async function emptyDatabase(): Promise<Uint8Array> {
  const postgres = await startEmbeddedPostgres(undefined);
  try {
    const options = { url: postgres.url, dataDir: '', poolSize: 1, timeoutMs: 60_000, migrate: true };
    const database = await openDatabase(options, createLogger('silent'));
    // Those who begin with it have nothing to repeat, and no log to read that is over.
    await database.db.$executeRaw`set wal_recycle = off`;
    await database.db.$executeRaw`checkpoint`;
    await database.close();
    return await postgres.dump();
  } finally {
    await postgres.close();
  }
}
