const SECOND_MS = 1000;

/** How often a second something may happen, by kind. It counts what exceeds that. */
export class SecondBudget<Kind extends string | number> {
  readonly #perSecond: number;
  readonly #onMore: (counts: Partial<Record<Kind, number>>) => void;
  readonly #taken = new Map<Kind, number>();
  #second: NodeJS.Timeout | undefined;

  /** @param onMore gets, after a second, how many of each kind were too many. */
  constructor(perSecond: number, onMore: (counts: Partial<Record<Kind, number>>) => void = () => undefined) {
    this.#perSecond = perSecond;
    this.#onMore = onMore;
  }

  /** Counts one. @returns whether it is within the budget. */
  take(kind: Kind): boolean {
    this.#second ??= setTimeout(() => {
      this.#nextSecond();
    }, SECOND_MS).unref();
    const count = (this.#taken.get(kind) ?? 0) + 1;
    this.#taken.set(kind, count);
    return count <= this.#perSecond;
  }

  #nextSecond(): void {
    this.#second = undefined;
    const more = [...this.#taken].filter(([, count]) => count > this.#perSecond);
    this.#taken.clear();
    if (more.length === 0) return;
    const counts = more.map(([kind, count]) => [kind, count - this.#perSecond]);
    this.#onMore(Object.fromEntries(counts) as Partial<Record<Kind, number>>);
  }
}
