import { readFileSync } from 'node:fs';
import { ConfigError } from './config-error.js';

const SECRETS = [
  ...['DATABASE_URL', 'CLUSTER_URL', 'REDIS_URL'],
  ...['JWT_SECRET', 'JWT_SECRET_PREVIOUS', 'JWT_ISSUERS', 'SMTP_URL'],
];
const SUFFIX = '_FILE';

/** The variables that name files with secrets. */
export const SECRET_FILES: readonly string[] = SECRETS.map((name) => name + SUFFIX);

type Variables = Record<string, string | undefined>;

/**
 * Reads the secrets that are in files, as container platforms hand them over: JWT_SECRET_FILE names the file of JWT_SECRET.
 * The end of its last line does not count.
 * @throws ConfigError with a line for each file that can't be read, and for each secret that is given in both ways.
 */
export function readSecretFiles(variables: Variables): Variables {
  const read: Variables = { ...variables };
  const lines = SECRETS.flatMap((name) => {
    const file = variables[name + SUFFIX];
    if (!file) return [];
    if (variables[name]) return [`${name} and ${name + SUFFIX} are both given. Give one of them.`];
    try {
      read[name] = readFileSync(file, 'utf8').replace(/\r?\n$/, '');
      return read[name] === '' ? [`${name + SUFFIX} names an empty file.`] : [];
    } catch (error) {
      return [`${name + SUFFIX} can't be read: ${(error as Error).message}.`];
    }
  });
  if (lines.length > 0) throw new ConfigError(lines);
  return read;
}
