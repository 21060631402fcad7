import { MessengerError } from 'messenger-client';
import { texts } from '../texts/index.js';

/** What has gone wrong, by its code, in words that say what to do. */
export function problemOf(error: unknown): string {
  return error instanceof MessengerError ? problemOfCode(error.code) : texts().problems.UNKNOWN;
}

export function problemOfCode(code: string): string {
  const { problems } = texts();
  const known: Partial<Record<string, string>> = problems;
  return known[code] ?? problems.UNKNOWN;
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
