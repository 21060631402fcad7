import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const SECRET_BYTES = 32;

/** The secret kept in the data folder; made at the first call, readable by its owner alone. */
export function embeddedSecret(dataDir: string): string {
  const file = join(dataDir, 'jwt-secret');
  return unless('ENOENT', () => readFileSync(file, 'utf8')) ?? makeSecret(dataDir, file);
}

function makeSecret(dataDir: string, file: string): string {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}`;
  try {
    writeFileSync(draft, randomBytes(SECRET_BYTES).toString('hex'), { mode: 0o600 });
    // A link appears whole or not at all, and only where none was: of two starts at once both keep the same secret.
    unless('EEXIST', () => {
      linkSync(draft, file);
    });
  } finally {
    rmSync(draft, { force: true });
  }
  return readFileSync(file, 'utf8');
}

/** The result, or undefined when the file system answers with this code. */
function unless<T>(code: string, action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === code) return undefined;
    throw error;
  }
}
