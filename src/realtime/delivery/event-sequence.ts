import type { EncodedEvent } from '../protocol/event.js';

/** An event that overtakes another comes milliseconds before it; longer, and the other is lost. */
const GAP_MS = 300;

/** So many are kept aside while one before them is missing. */
const MAX_HELD = 1000;

/** Whose events they are. */
interface NumberedLog {
  /** The next event has come. */
  apply(event: EncodedEvent): void;
  /** Events have been missing for too long, or too many wait for one. */
  reportGap(): void;
}

/** Lets the events of a log out in the order of their numbers, none twice. One that overtook another waits for it. */
export class EventSequence {
  /** That of the last event that came out; undefined until the database has said where the log stands. */
  #position: number | undefined;
  /** Events that wait for an earlier one; undefined: none ever has. */
  #held: Map<number, EncodedEvent> | undefined;
  #gap: NodeJS.Timeout | undefined;

  constructor(private readonly log: NumberedLog) {}

  get position(): number | undefined {
    return this.#position;
  }

  held(): Iterable<EncodedEvent> {
    return this.#held?.values() ?? [];
  }

  receive(number: number, event: EncodedEvent): void {
    if (this.#position !== undefined && number <= this.#position) return;
    // The common case: the event is the next one, and none waits.
    if (number === (this.#position ?? Infinity) + 1 && !this.#held?.size) {
      this.#position = number;
      this.log.apply(event);
      return;
    }
    this.#held ??= new Map();
    this.#held.set(number, event);
    this.drain();
  }

  /** The log stands at least there: what comes out next, by drain, is after that. */
  standAt(number: number): void {
    this.#position = Math.max(number, this.#position ?? 0);
    for (const held of this.#held?.keys() ?? []) if (held <= this.#position) this.#held?.delete(held);
  }

  /** Lets out what has come, up to the first that is missing. */
  drain(): void {
    if (!this.#held) return;
    if (this.#held.size > MAX_HELD) {
      this.#held.clear();
      if (this.#position !== undefined) this.log.reportGap();
    }
    while (this.#position !== undefined) {
      const next = this.#held.get(this.#position + 1);
      if (!next) break;
      this.#held.delete(this.#position + 1);
      this.#position++;
      this.log.apply(next);
    }
    if (this.#position === undefined) return;
    if (this.#held.size === 0) {
      clearTimeout(this.#gap);
      this.#gap = undefined;
    } else {
      this.#gap ??= setTimeout(() => {
        this.#gap = undefined;
        this.log.reportGap();
      }, GAP_MS);
    }
  }

  close(): void {
    clearTimeout(this.#gap);
  }
}
