import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readMigrations } from '../database/migrations/folder.js';
import { runThread } from './server-thread.js';

const PACKAGE_FOLDER = fileURLToPath(new URL('../..', import.meta.url));

let path: Promise<string> | undefined;

/**
 * The file with the empty, migrated database that every server of a test begins with. It is made the first time, in one of
 * the processes that want it, and kept for those that come later.
 */
export async function templateFile(): Promise<string> {
  path ??= findPath();
  const file = await path;
  if (!existsSync(file)) await runThread({ task: 'template', file });
  return file;
}

/** A server could not begin with it: the next one finds another. */
export function discardTemplate(file: string): void {
  rmSync(file, { force: true });
}

/** What makes the database has its part in the name. */
async function findPath(): Promise<string> {
  const hash = createHash('sha256');
  const require = createRequire(import.meta.url);
  hash.update(versionIn(PACKAGE_FOLDER));
  hash.update(versionIn(dirname(dirname(require.resolve('@electric-sql/pglite')))));
  for (const { name, script } of await readMigrations()) hash.update(`${name}\0${script}\0`);
  return join(await cacheFolder(), `database-${hash.digest('hex').slice(0, 32)}.tar.gz`);
}

function versionIn(folder: string): string {
  return (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }).version;
}

/** Beside the packages among which this one is installed; where nothing may be written, a folder of this process alone. */
async function cacheFolder(): Promise<string> {
  const parent = dirname(PACKAGE_FOLDER);
  const packages = basename(parent) === 'node_modules' ? parent : join(PACKAGE_FOLDER, 'node_modules');
  const folder = join(packages, '.cache', 'messenger-backend');
  try {
    await mkdir(folder, { recursive: true });
    return folder;
  } catch {
    const own = await mkdtemp(join(tmpdir(), 'messenger-backend-'));
    process.once('exit', () => {
      rmSync(own, { recursive: true, force: true });
    });
    return own;
  }
}
