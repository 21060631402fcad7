import { validationError } from './errors.js';
import { readTime } from './read-time.js';

/** When something ends that begins now; null: not by itself. @throws VALIDATION_ERROR for a time that has passed. */
export function readUntil(text: string | undefined): Date | null {
  if (text === undefined) return null;
  const until = readTime('until', text);
  if (until.getTime() <= Date.now()) throw validationError({ errors: { until: 'must be a time to come' } });
  return until;
}
