const SECOND_MS = 1000;

/**
 * Bounds the lines a second of each kind in the log, so that nobody can fill a disk or a processor with them. What has
 * no line of its own is counted.
 */
export class LineBudget<Kind extends string> {
  readonly #perSecond: number;
  readonly #onMore: (counts: Partial<Record<Kind, number>>) => void;
  readonly #lines = new Map<Kind, number>();
  #second: NodeJS.Timeout | undefined;

  /** @param onMore gets, after a second, how many of each kind had no line. */
  constructor(perSecond: number, onMore: (counts: Partial<Record<Kind, number>>) => void) {
    this.#perSecond = perSecond;
    this.#onMore = onMore;
  }

  /** Counts one. @returns whether it may have a line. */
  take(kind: Kind): boolean {
    this.#second ??= setTimeout(() => {
      this.#nextSecond();
    }, SECOND_MS).unref();
    const count = (this.#lines.get(kind) ?? 0) + 1;
    this.#lines.set(kind, count);
    return count <= this.#perSecond;
  }

  #nextSecond(): void {
    this.#second = undefined;
    const more = [...this.#lines].filter(([, count]) => count > this.#perSecond);
    this.#lines.clear();
    if (more.length === 0) return;
    const counts = more.map(([kind, count]) => [kind, count - this.#perSecond]);
    this.#onMore(Object.fromEntries(counts) as Partial<Record<Kind, number>>);
  }
}
