import type { Outcome } from './kit.js';
import { OPTIONAL_FIELDS } from './optional-fields.js';

const PAGE = 'docs/realtime.md';
const MARKS = { held: 'ok  ', broken: 'FAIL', 'not kept': 'skip' } as const;

/** The outcome of a rule, in a line; and why, and where it stands, when it does not hold. */
export function lineOf({ rule, result, reason, ms }: Outcome): string {
  const line = `${MARKS[result]} ${rule.name.padEnd(22)} ${(ms / 1000).toFixed(1).padStart(5)} s  ${rule.says}`;
  if (result === 'held') return line;
  return `${line}\n${' '.repeat(5)}${reason}\n${' '.repeat(5)}${PAGE}#${rule.section}`;
}

export function totalOf(outcomes: readonly Outcome[]): string {
  const count = (result: Outcome['result']) => outcomes.filter((outcome) => outcome.result === result).length;
  return `conformance: ${count('held')} rules held, ${count('broken')} broken, ${count('not kept')} not kept by this client`;
}

/** What the client need not report, and has not: nobody knows whether it is right there. */
export function notReportedOf(outcomes: readonly Outcome[]): string {
  const reported = new Set(outcomes.flatMap(({ optionalFields }) => optionalFields));
  const names = OPTIONAL_FIELDS.filter((name) => !reported.has(name));
  return names.length > 0 ? `not reported, so not compared: ${names.join(', ')}` : 'all optional fields were reported';
}
