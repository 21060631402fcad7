import type { Delay } from './delays.js';

export interface DelaySummary {
  readonly longest: Delay | undefined;
  readonly medianMs: number;
  /** How many changes came as events, and were the next ones. */
  readonly live: number;
  /** How many a sync had to bring. */
  readonly synced: number;
}

export function summarize(delays: readonly Delay[]): DelaySummary {
  const sorted = delays.toSorted((a, b) => a.ms - b.ms);
  return {
    longest: sorted.at(-1),
    medianMs: sorted[Math.floor(sorted.length / 2)]?.ms ?? 0,
    live: delays.filter(({ by }) => by === 'applied').length,
    synced: delays.filter(({ by }) => by === 'synced').length,
  };
}
