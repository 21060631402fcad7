import { randomLetters } from '../../shared/random-letters.js';
import { sha256 } from '../../shared/sha256.js';

/** Nobody can guess 142 bits. */
const LENGTH = 24;

/** A new code to send by mail. */
export function makeCode(): string {
  return randomLetters(LENGTH);
}

/** Spaces around the code do not count: they are copied with it. */
export function hashOf(code: string): Uint8Array<ArrayBuffer> {
  return sha256(code.trim());
}
