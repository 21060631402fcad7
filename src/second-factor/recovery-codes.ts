import { randomLetters } from '../shared/random-letters.js';
import { sha256 } from '../shared/sha256.js';

const COUNT = 10;
/** None that looks like another: 32 letters have five bits each. */
const LETTERS = '23456789abcdefghijkmnpqrstuvwxyz';
const GROUPS = 4;
const GROUP_LENGTH = 4;

/** New codes: nobody can guess their 80 bits, also not who has the hashes. */
export function makeRecoveryCodes(): string[] {
  return Array.from({ length: COUNT }, () =>
    Array.from({ length: GROUPS }, () => randomLetters(GROUP_LENGTH, LETTERS)).join('-'),
  );
}

/** Case, spaces and dashes do not count: people type it from paper. */
export function hashOf(code: string): Uint8Array<ArrayBuffer> {
  return sha256(code.toLowerCase().replace(/[\s-]/g, ''));
}
