import type { OverloadPhase } from '../overload.js';

/** Answers 503 a second; null when there was no answer 200 that tells how long the phase took. */
export function refusedPerSecond({ perSecond, statuses }: OverloadPhase): number | null {
  const answered = statuses['200'] ?? 0;
  return answered === 0 ? null : (perSecond * (statuses['503'] ?? 0)) / answered;
}
