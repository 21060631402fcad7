/** How many there are by key. A key of which there are none takes no memory. */
export class Counts<Key> {
  readonly #counts = new Map<Key, number>();
  #total = 0;

  get total(): number {
    return this.#total;
  }

  of(key: Key): number {
    return this.#counts.get(key) ?? 0;
  }

  add(key: Key, count = 1): void {
    this.#counts.set(key, this.of(key) + count);
    this.#total += count;
  }

  remove(key: Key, count = 1): void {
    const left = this.of(key) - count;
    this.#total -= count;
    if (left > 0) this.#counts.set(key, left);
    else this.#counts.delete(key);
  }
}
