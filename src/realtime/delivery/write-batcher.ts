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

  add(item: Flushable): void {
    this.#due.add(item);
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      // What is added meanwhile, such as the sockets by their chats, comes after what is there.
      for (const due of this.#due) {
        this.#due.delete(due);
        due.flush();
      }
      this.#scheduled = false;
    });
  }
}
