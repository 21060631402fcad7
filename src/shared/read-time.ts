import { validationError } from './errors.js';

/** Years that every part of the server can write. PostgreSQL has no year 0, and JavaScript writes years after 9999 in another way. */
const EARLIEST = new Date(0);
const LATEST = new Date('9999-01-01T00:00:00Z');

/**
 * The time that a client has given.
 * @throws VALIDATION_ERROR for the field, when the text is no time of 1970 to 9998. Leap seconds, which RFC 3339 has and JavaScript
 *   has not, are none.
 */
export function readTime(field: string, text: string): Date {
  const time = new Date(text);
  if (!(time >= EARLIEST && time < LATEST))
    throw validationError({ errors: { [field]: 'must be a time of 1970 to 9998' } });
  return time;
}
