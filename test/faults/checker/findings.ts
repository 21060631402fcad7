/** What is wrong with one of the things that are checked; empty: nothing. */
export type Problems = readonly string[];

export interface Findings {
  /** How many things were as they have to be. */
  readonly passed: number;
  readonly violations: readonly string[];
}

export function collect(checks: Iterable<Problems>): Findings {
  let passed = 0;
  const violations: string[] = [];
  for (const problems of checks) {
    if (problems.length === 0) passed++;
    violations.push(...problems);
  }
  return { passed, violations };
}
