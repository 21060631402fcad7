import { randomInt } from 'node:crypto';

const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Letters and digits that nobody can foresee: almost six bits each. @param letters to choose from, in place of all. */
export function randomLetters(count: number, letters = LETTERS): string {
  return Array.from({ length: count }, () => letters[randomInt(letters.length)]).join('');
}
