/** Goes through all there are, again and again, some at a time. */
export class Rounds<T> {
  readonly #size: number;
  #round: Iterator<T, undefined> | undefined;

  /** @param size how many at a time. */
  constructor(size: number) {
    this.#size = size;
  }

  /** The next ones of this round, fewer at its end. @param begin all of them, for the next round. */
  next(begin: () => Iterator<T, undefined>): T[] {
    this.#round ??= begin();
    const items: T[] = [];
    while (items.length < this.#size) {
      const { value, done } = this.#round.next();
      if (done) {
        this.#round = undefined;
        break;
      }
      items.push(value);
    }
    return items;
  }
}
