import { MessengerError } from 'messenger-client';
import { texts } from '../texts/index.js';

/** What has gone wrong, by its code, in words that say what to do. */
export function problemOf(error: unknown): string {
  const { problems } = texts();
  if (!(error instanceof MessengerError)) return problems.UNKNOWN;
  const known: Partial<Record<string, string>> = problems;
  return known[error.code] ?? problems.UNKNOWN;
}

/** What is wrong about one field of a form. */
export function fieldProblem(error: unknown, field: string): string | undefined {
  if (!(error instanceof MessengerError)) return undefined;
  const fields = error.details.errors as Readonly<Record<string, string>> | undefined;
  if (fields?.[field] === undefined) return undefined;
  const { fieldProblems } = texts();
  if (error.code === 'USER_EXISTS') return fieldProblems.taken;
  const known: Partial<Record<string, string>> = fieldProblems;
  return known[field] ?? fieldProblems.other;
}
