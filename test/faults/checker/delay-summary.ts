import type { Delay } from './delays.js';

/** All but the longest is of those changes alone that could have come at once. */
export interface DelaySummary {
  readonly longest: Delay | undefined;
  readonly medianMs: number;
  /** How many came as events, and were the next ones. */
  readonly live: number;
  /** How many a sync had to bring. */
  readonly synced: number;
}

export function summarize(delays: readonly Delay[]): DelaySummary {
  const sorted = delays.toSorted((a, b) => a.ms - b.ms);
  const candidates = sorted.filter(({ couldBeLive }) => couldBeLive);
  return {
    longest: sorted.at(-1),
    medianMs: candidates[Math.floor(candidates.length / 2)]?.ms ?? 0,
    live: candidates.filter(({ by }) => by === 'applied').length,
    synced: candidates.filter(({ by }) => by === 'synced').length,
  };
}
