import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { ConfigError } from './config-error.js';

const FILE = '.env';

/** How a file begins that editors of Windows have written. */
const BYTE_ORDER_MARK = '\ufeff';

const ASSIGNMENT = /^[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)[ \t]*=/gm;

export interface EnvFile {
  readonly variables: Record<string, string | undefined>;
  /** The names that are given more than once: the last one counts. */
  readonly repeated: readonly string[];
}

/** The file `.env` in the current folder; nothing when there is none. @throws ConfigError when it can't be read. */
export function readEnvFile(): EnvFile {
  let bytes: Buffer;
  try {
    bytes = readFileSync(FILE);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { variables: {}, repeated: [] };
    throw new ConfigError([`The file ${FILE} can't be read: ${(error as Error).message}.`]);
  }
  return parseEnvFile(bytes);
}

/** @throws ConfigError for text in another encoding, whose variables would all be lost. */
export function parseEnvFile(bytes: Uint8Array): EnvFile {
  const text = decode(bytes);
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const [, name = ''] of text.matchAll(ASSIGNMENT)) (seen.has(name) ? repeated : seen).add(name);
  // Node keeps a tab before a name as a part of it.
  const variables = Object.entries(parseEnv(text)).map(([name, value]) => [name.trim(), value]);
  return { variables: Object.fromEntries(variables) as EnvFile['variables'], repeated: [...repeated] };
}

function decode(bytes: Uint8Array): string {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new ConfigError([`The file ${FILE} must be UTF-8 text.`]);
  }
  if (text.includes('\0')) throw new ConfigError([`The file ${FILE} must be UTF-8 text.`]);
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(BYTE_ORDER_MARK.length) : text;
}
