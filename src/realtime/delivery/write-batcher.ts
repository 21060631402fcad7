import { deliverySeconds } from '../../shared/metrics.js';
import type { EncodedEvent } from '../protocol/event.js';

interface Flushable {
  flush(): void;
}

/** So many connections are written to in a turn of the event loop: the frames of a whole crowd in a row would hold up every request. */
const WRITES_A_TURN = 64;

/**
 * Sends what gathers during a turn of the event loop at its end, or one of the next. A write to a socket costs as much as a hundred
 * times its bytes, so what is due to a connection leaves in one write.
 */
export class WriteBatcher {
  readonly #due = new Set<Flushable>();
  #scheduled = false;

  add(item: Flushable): void {
    this.#due.add(item);
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#flush();
    });
  }

  /** Measures how long after their commit the events are written: once what is due by now has been. */
  measure(events: readonly EncodedEvent[]): void {
    const committed = events.flatMap(({ head }) => head.committedAt ?? []);
    if (committed.length === 0) return;
    this.add({
      flush: () => {
        const now = Date.now();
        // The clocks of two nodes differ.
        for (const committedAt of committed) deliverySeconds.observe(Math.max(0, now - committedAt) / 1000);
      },
    });
  }

  #flush(): void {
    let left = WRITES_A_TURN;
    // Flushing a chat adds its sockets to the end of this set.
    for (const due of this.#due) {
      if (left-- === 0) {
        setImmediate(() => {
          this.#flush();
        });
        return;
      }
      this.#due.delete(due);
      due.flush();
    }
    this.#scheduled = false;
  }
}
