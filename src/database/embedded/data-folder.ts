import { rmSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import lockfile from 'proper-lockfile';
import { onExit } from 'signal-exit';
import { removeDraft, startEmbeddedPostgres, type EmbeddedPostgres } from './postgres.js';

/** A holder that has not renewed its lock for this long is dead. */
const LOCK_STALE_MS = 3000;
const LOCK_RENEWAL_MS = 1000;
const LOCK_RETRY_MS = 200;

/** Two processes that write the same PostgreSQL files destroy them. */
export class DataFolderInUseError extends Error {
  override readonly name = 'DataFolderInUseError';
}

/**
 * Opens the PostgreSQL that lives in the folder, and keeps every other process out of it.
 * After a kill the dead process's lock is waited out, about three seconds.
 * @throws DataFolderInUseError when another process has it open.
 */
export async function openDataFolder(dataDir: string): Promise<EmbeddedPostgres> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const lock = await takeLock(dataDir);
  // Runs however the process ends, except by SIGKILL, also during its start.
  const removeLater = onExit(() => {
    rmSync(urlFile(dataDir), { force: true });
    removeDraft(filesFolder(dataDir));
  });
  // Another process has taken the folder over.
  void lock.lost.then(removeLater);
  const leave = async () => {
    await rm(urlFile(dataDir), { force: true });
    removeLater();
    await lock.release();
  };
  let postgres: EmbeddedPostgres | undefined;
  try {
    postgres = await startEmbeddedPostgres(filesFolder(dataDir));
    const opened = postgres;
    await writeFile(urlFile(dataDir), opened.url, { mode: 0o600 });
    return {
      url: opened.url,
      failed: Promise.race([opened.failed, lock.lost]),
      async close() {
        await opened.close();
        await leave();
      },
    };
  } catch (error) {
    await postgres?.close();
    await leave();
    throw error;
  }
}

/** The URL of the database that another process has open in the folder; undefined when none has. */
export async function runningDatabaseUrl(dataDir: string): Promise<string | undefined> {
  const locked = await lockfile.check(dataDir, lockOptions(dataDir)).catch(() => false);
  return locked ? await readFile(urlFile(dataDir), 'utf8').catch(() => undefined) : undefined;
}

function filesFolder(dataDir: string): string {
  return join(dataDir, 'postgres');
}

/** Where tools on this machine find the running database; its password makes it as secret as the data. */
function urlFile(dataDir: string): string {
  return join(dataDir, 'database-url');
}

function lockOptions(dataDir: string) {
  return { lockfilePath: join(dataDir, 'lock'), stale: LOCK_STALE_MS };
}

async function takeLock(dataDir: string): Promise<{ release: () => Promise<void>; lost: Promise<Error> }> {
  let lose: (error: Error) => void = () => undefined;
  const lost = new Promise<Error>((resolve) => (lose = resolve));
  const options = { ...lockOptions(dataDir), update: LOCK_RENEWAL_MS, onCompromised: lose };
  const deadline = Date.now() + LOCK_STALE_MS + LOCK_RENEWAL_MS;
  for (;;) {
    try {
      return { release: await lockfile.lock(dataDir, options), lost };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ELOCKED') throw error;
      if (Date.now() > deadline) {
        throw new DataFolderInUseError(`Another process has the data folder open: ${dataDir}`, { cause: error });
      }
      await sleep(LOCK_RETRY_MS);
    }
  }
}
