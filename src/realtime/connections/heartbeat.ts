export const HEARTBEAT_MS = 20_000;
const SILENCE_MS = 2 * HEARTBEAT_MS;
/** Clients whose buffer has not drained for so long are closed. */
const STALLED_MS = 60_000;

/** Whether a client is there, and reads. It measures time that passes: that the clock is set says nothing about a client. */
export class Heartbeat {
  #heardAt = performance.now();
  #pingedAt = performance.now();
  /** When nothing was waiting for the client. */
  #drainedAt = performance.now();

  /** A sign of life. */
  heard(): void {
    this.#heardAt = performance.now();
  }

  /**
   * @param waitingBytes what the network has not taken.
   * @returns what is wrong with the client, or whether it is time for a ping.
   */
  tick(waitingBytes: number): 'stalled' | 'silent' | 'ping' | undefined {
    const now = performance.now();
    if (waitingBytes === 0) this.#drainedAt = now;
    if (now - this.#drainedAt > STALLED_MS) return 'stalled';
    if (now - this.#heardAt > SILENCE_MS) return 'silent';
    if (now - this.#pingedAt <= HEARTBEAT_MS) return undefined;
    this.#pingedAt = now;
    return 'ping';
  }
}
