import { randomLetters } from '../../shared/random-letters.js';
import { sha256 } from '../../shared/sha256.js';

/** More than 128 bits. */
const LETTERS = 24;

export const TOKEN_PATTERN = `^[0-9A-Za-z]{${LETTERS}}$`;

export const EXAMPLE_TOKEN = 'q7Lw2ZtR0bXe5NcUyK8dVh3M';

/** The secret of a link. Only its hash is kept, so it is shown once. */
export function makeToken(): { readonly token: string; readonly hash: Uint8Array<ArrayBuffer> } {
  const token = randomLetters(LETTERS);
  return { token, hash: sha256(token) };
}
