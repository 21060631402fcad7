/** Keeps what has arrived until it is asked for: while a device syncs, events are kept aside here, in their order. */
export class Inbox<T> {
  #items: T[] = [];
  #closed = false;
  #wake: (() => void) | undefined;

  push(item: T): void {
    this.#items.push(item);
    this.#wake?.();
  }

  /** What is still in it is thrown away: a sync, or the stream's next connection, brings it again. */
  close(): void {
    this.#closed = true;
    this.#items = [];
    this.#wake?.();
  }

  /** undefined: it is closed. */
  async next(): Promise<T | undefined> {
    while (this.#items.length === 0 && !this.#closed) await new Promise<void>((resolve) => (this.#wake = resolve));
    return this.#items.shift();
  }
}
