import { createHash, randomBytes } from 'node:crypto';

const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const PUBLIC_LETTERS = 8;
const SECRET_BYTES = 32;

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
  const prefix = `${PREFIX}${toBase62(randomBytes(PUBLIC_LETTERS)).slice(0, PUBLIC_LETTERS).padStart(PUBLIC_LETTERS, '0')}`;
  const key = `${prefix}_${toBase62(randomBytes(SECRET_BYTES)).padStart(40, '0')}`;
  return { key, prefix, hash: hashOf(key) };
}

export function looksLikeKey(token: string): boolean {
  return PATTERN.test(token);
}

/** SHA-256 is enough: a key is random, and nobody can guess 256 bits. */
export function hashOf(key: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(key).digest());
}

function toBase62(bytes: Uint8Array): string {
  let number = BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
  let text = '';
  for (; number > 0n; number /= 62n) text = (LETTERS[Number(number % 62n)] ?? '') + text;
  return text;
}
