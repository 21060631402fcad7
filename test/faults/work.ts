import type { Problems } from './checker/findings.js';

/** What was done in a run of everything. */
export interface Work {
  readonly durationMs: number;
  readonly plannedKills: number;
  readonly kills: number;
  readonly acknowledged: number;
  readonly retried: number;
  readonly deduplicated: number;
  readonly medianDelayMs: number;
  /** Of the changes that could have come at once, how many came as events and how many a sync had to bring. */
  readonly live: number;
  readonly synced: number;
  /** What was not done once, of all that a run does. */
  readonly undone: readonly string[];
}

const KILLED_SHARE = 0.75;
const LONG_MS = 600_000;
const KILLS_IN_LONG = 20;
/** What is told at once takes milliseconds; what only the reconciler finds takes about this long, or longer. */
const MEDIAN_LIMIT_MS = 1000;

/** A run in which little happened, or everything came by a detour, has shown nothing. */
export function* checkWork(work: Work): Generator<Problems> {
  const { kills, plannedKills, medianDelayMs, live, synced } = work;
  const least = Math.max(KILLED_SHARE * plannedKills, work.durationMs >= LONG_MS ? KILLS_IN_LONG : 0);
  yield kills < least ? [`only ${kills} nodes were killed, of ${plannedKills} planned`] : [];
  for (const what of ['acknowledged', 'retried', 'deduplicated'] as const) {
    yield work[what] === 0 ? [`not one send was ${what}`] : [];
  }
  // In a short one something may be left out by chance.
  yield work.durationMs >= LONG_MS ? work.undone.map((what) => `there were no ${what}`) : [];
  yield live < synced ? [`only ${live} changes came as events, ${synced} by a sync`] : [];
  yield medianDelayMs > MEDIAN_LIMIT_MS ? [`changes took ${(medianDelayMs / 1000).toFixed(2)} s, by the median`] : [];
}
