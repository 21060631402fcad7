import type { Spread } from './section.js';

/** Measures each in each round; in every other round backwards, so that none always has the same one before it. */
export async function inTurns<T>(
  rounds: number,
  measurements: Readonly<Record<string, () => Promise<T>>>,
): Promise<Record<string, T[]>> {
  const results = Object.fromEntries(Object.keys(measurements).map((name) => [name, [] as T[]]));
  for (let round = 0; round < rounds; round++) {
    const order = Object.entries(measurements);
    for (const [name, measure] of round % 2 === 0 ? order : order.reverse()) results[name]!.push(await measure());
  }
  return results;
}

export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const median = ((sorted[Math.floor(middle)] ?? NaN) + (sorted[Math.ceil(middle)] ?? NaN)) / 2;
  return { median, min: sorted[0] ?? NaN, max: sorted.at(-1) ?? NaN };
}

export function medianOf<T>(rounds: readonly T[], of: (round: T) => number): number {
  return spread(rounds.map(of)).median;
}

export function sumOf<T>(rounds: readonly T[], of: (round: T) => number): number {
  return rounds.reduce((total, round) => total + of(round), 0);
}

/** Of the one for 1 of the other, round by round: what a machine can do changes from round to round. */
export function ratio<T>(ones: readonly T[], others: readonly T[], of: (round: T) => number): Spread {
  return spread(ones.map((one, round) => of(one) / of(others[round]!)));
}
