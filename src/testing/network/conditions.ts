/** How slow a network is. */
export interface Slowness {
  /** So long a byte is on its way, in each direction. */
  readonly latency_ms?: number;
  /** So much goes through a connection in each direction; without it any amount. */
  readonly bytes_per_second?: number;
}

/** What the network does with a connection. */
export interface Conditions {
  /** Nothing arrives, and nobody is told. */
  readonly isStalled: boolean;
  readonly latencyMs: number;
  readonly msPerByte: number;
}

export const GOOD: Conditions = { isStalled: false, latencyMs: 0, msPerByte: 0 };
export const STALLED: Conditions = { ...GOOD, isStalled: true };

/** @throws RangeError for what is no speed. */
export function slowed({ latency_ms: latencyMs = 0, bytes_per_second: bytes = Infinity }: Slowness): Conditions {
  if (!(latencyMs >= 0 && latencyMs < 2 ** 31)) throw new RangeError('latency_ms must be 0 or more.');
  if (!(bytes > 0)) throw new RangeError('bytes_per_second must be more than 0.');
  return { isStalled: false, latencyMs, msPerByte: 1000 / bytes };
}
