/** A user's id, or an address. */
export type Owner = number | string;

/** Items that wait, of many owners, who take turns: each owner's items come in their order. */
export class RoundRobin<T> {
  /** In the order in which the owners have their next turn; none is empty. */
  readonly #lines = new Map<Owner, T[]>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  countOf(owner: Owner): number {
    return this.#lines.get(owner)?.length ?? 0;
  }

  add(owner: Owner, item: T): void {
    const line = this.#lines.get(owner);
    if (line) line.push(item);
    else this.#lines.set(owner, [item]);
    this.#size++;
  }

  /** It comes before the owner's others. */
  addFirst(owner: Owner, item: T): void {
    const line = this.#lines.get(owner);
    if (line) line.unshift(item);
    else this.#lines.set(owner, [item]);
    this.#size++;
  }

  /** The next item of the first owner who may have a turn; that owner's next turn comes after everyone else's. */
  take(mayHaveTurn: (owner: Owner) => boolean = () => true): { readonly owner: Owner; readonly item: T } | undefined {
    for (const [owner, line] of this.#lines) {
      if (!mayHaveTurn(owner)) continue;
      const item = line.shift() as T;
      this.#lines.delete(owner);
      if (line.length > 0) this.#lines.set(owner, line);
      this.#size--;
      return { owner, item };
    }
    return undefined;
  }

  /** Up to so many items, in turn. */
  takeMany(count: number): T[] {
    const items: T[] = [];
    for (let next = this.take(); next; next = this.take()) {
      items.push(next.item);
      if (items.length === count) break;
    }
    return items;
  }
}
