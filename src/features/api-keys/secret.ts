import { randomLetters } from '../../shared/random-letters.js';
import { sha256 } from '../../shared/sha256.js';

const PUBLIC_LETTERS = 8;
/** 256 bits. */
const SECRET_LETTERS = 43;

/** What each key begins with, by which secret scanners and this server know one. */
const PREFIX = 'mk_';

const PATTERN = new RegExp(`^${PREFIX}[0-9A-Za-z]{${PUBLIC_LETTERS}}_[0-9A-Za-z]{40,43}$`);

interface NewSecret {
  /** Shown once. */
  readonly key: string;
  /** What may be shown later, so that people know which key it is. */
  readonly prefix: string;
  readonly hash: Uint8Array<ArrayBuffer>;
}

export function makeSecret(): NewSecret {
  const prefix = PREFIX + randomLetters(PUBLIC_LETTERS);
  const key = `${prefix}_${randomLetters(SECRET_LETTERS)}`;
  return { key, prefix, hash: sha256(key) };
}

export function looksLikeKey(token: string): boolean {
  return PATTERN.test(token);
}
