import addFormats from 'ajv-formats';
import { validationError } from '../../shared/errors.js';

const dateTime = addFormats.default.get('date-time') as { validate: (text: string) => boolean };

/**
 * The activity before which a page of chats begins, in ms since 1970. For clients a cursor is a text without a meaning;
 * it is a time, in any spelling of RFC 3339, because clients of the first version make it of times that they have kept.
 * @throws VALIDATION_ERROR
 */
export function decodeChatCursor(cursor: string): number {
  // RFC 3339 has leap seconds, JavaScript has not.
  const time = dateTime.validate(cursor) ? Date.parse(cursor) : Number.NaN;
  if (Number.isNaN(time)) throw validationError({ errors: { cursor: 'must be the "next" of a page' } });
  return time;
}
