/** A time as the servers' logs have it, so that one finds it there. */
export function isoTime(at: number): string {
  return new Date(at).toISOString();
}
