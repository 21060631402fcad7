import type { Delay } from './delays.js';

export interface DelaySummary {
  readonly longest: Delay | undefined;
  readonly medianMs: number;
  /** Of those changes that came, how many came as events and were the next ones: no sync had to bring them. */
  readonly liveShare: number;
}

export function summarize(delays: readonly Delay[]): DelaySummary {
  const sorted = delays.toSorted((a, b) => a.ms - b.ms);
  const arrived = delays.filter(({ by }) => by !== undefined);
  const live = arrived.filter(({ by }) => by === 'applied');
  return {
    longest: sorted.at(-1),
    medianMs: sorted[Math.floor(sorted.length / 2)]?.ms ?? 0,
    liveShare: live.length / (arrived.length || 1),
  };
}
