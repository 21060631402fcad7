import { createHash, randomInt } from 'node:crypto';

const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** Nobody can guess 142 bits. */
const LENGTH = 24;

/** A new code to send by mail. */
export function makeCode(): string {
  return Array.from({ length: LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join('');
}

/** SHA-256, which is enough for what is random. Spaces around the code do not count: they are copied with it. */
export function hashOf(code: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(code.trim()).digest());
}
