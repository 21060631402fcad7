import { deliverySeconds } from '../../shared/metrics.js';
import type { EncodedEvent } from '../protocol/event.js';

interface Flushable {
  flush(): void;
}

/**
 * Sends what gathers during a turn of the event loop at its end. A write to a socket costs as much as a hundred times its
 * bytes, so what is due to a connection leaves in one write.
 */
export class WriteBatcher {
  readonly #due = new Set<Flushable>();
  #scheduled = false;
  /** When changes were committed whose events are written at the end of the turn, in ms since 1970. */
  #committed: number[] = [];

  add(item: Flushable): void {
    this.#due.add(item);
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      // Flushing a chat adds its sockets to the end of this set, so they are flushed in the same turn.
      for (const due of this.#due) {
        this.#due.delete(due);
        due.flush();
      }
      this.#scheduled = false;
      this.#measure();
    });
  }

  /** Measures how long after their commit the events are written: at the end of this turn. */
  measure(events: readonly EncodedEvent[]): void {
    for (const { head } of events) if (head.committedAt !== undefined) this.#committed.push(head.committedAt);
  }

  #measure(): void {
    if (this.#committed.length === 0) return;
    const now = Date.now();
    // The clocks of two nodes differ.
    for (const committedAt of this.#committed) deliverySeconds.observe(Math.max(0, now - committedAt) / 1000);
    this.#committed = [];
  }
}
