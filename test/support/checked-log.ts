import { createLogger } from '../../src/shared/logger.js';

/** What of a request or an answer must not be in a log, by the names of its fields. */
const SECRET_FIELD = /password|token|secret|^code|codes$|email$/i;
/** Codes of errors, and words such as `password` that somebody has for a password. */
const WORD = /^([A-Z_]+|[a-z]+)$/;
/** Shorter texts, such as a code of six digits, are parts of other ones by chance. */
const MIN_SECRET = 8;

/** Secrets whose form says what they are: JWTs, API keys, refresh tokens, hashes of passwords, e-mail addresses. */
const FORMS = /eyJ[\w-]{8,}\.[\w-]+\.|mk_\w{8}_\w{16}|mr_\d+_\d+_[\w-]{20}|\$argon2|[\w.+-]@[\w-]+\.\w/;

const secrets = new Set<string>();
/** Those of more than a word. A line is searched for each of them. */
const phrases = new Set<string>();
/** Lines of any log of this process that have a secret in them. */
export const leaks: string[] = [];

/** Remembers the secrets in what a client sends or gets. */
export function rememberSecrets(value: unknown, name = ''): void {
  if (typeof value === 'string') {
    if (value.length < MIN_SECRET || !SECRET_FIELD.test(name) || WORD.test(value)) return;
    (/^\S+$/.test(value) ? secrets : phrases).add(value);
  } else if (Array.isArray(value)) for (const item of value) rememberSecrets(item, name);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) rememberSecrets(item, key);
  }
}

/** Keeps the lines that have a secret in them. */
export function checkLines(lines: string): void {
  for (const line of lines.split('\n')) {
    const isLeak =
      FORMS.test(line) ||
      line.split(/[\s"'\\,:;()[\]{}<>=&?]+/).some((word) => secrets.has(word)) ||
      [...phrases].some((phrase) => line.includes(phrase));
    if (isLeak) leaks.push(line);
  }
}

/** A log of everything, which nobody reads but the check. */
export const checkedLog = createLogger('trace', { write: checkLines });
