const CHUNK = 128;

interface Identified {
  readonly id: number;
}

/**
 * Items in the order of their ids. A change gives another log, which shares all but one small piece with this one: so a
 * view of 100,000 messages costs little more than one of ten.
 */
export class MessageLog<T extends Identified> implements Iterable<T> {
  readonly #chunks: readonly (readonly T[])[];
  #starts: readonly number[] | undefined;

  private constructor(chunks: readonly (readonly T[])[]) {
    this.#chunks = chunks;
  }

  static of<T extends Identified>(items: Iterable<T>): MessageLog<T> {
    let log = new MessageLog<T>([]);
    for (const item of items) log = log.put(item);
    return log;
  }

  get length(): number {
    const last = this.#chunks.length - 1;
    return last < 0 ? 0 : this.#startOf(last) + this.#chunk(last).length;
  }

  get first(): T | undefined {
    return this.#chunks[0]?.[0];
  }

  get last(): T | undefined {
    return this.#chunks.at(-1)?.at(-1);
  }

  at(index: number): T | undefined {
    if (index < 0) return undefined;
    const position = lastWhere(this.#chunks.length, (each) => this.#startOf(each) <= index);
    return this.#chunks[position]?.[index - this.#startOf(position)];
  }

  slice(start: number, end: number): T[] {
    return sliceOf(this, start, end);
  }

  get(id: number): T | undefined {
    const [, chunk, place, isThere] = this.#find(id);
    return isThere ? chunk[place] : undefined;
  }

  /** How many items have a smaller id. */
  countBelow(id: number): number {
    const [position, , place] = this.#find(id);
    return this.#chunks.length === 0 ? 0 : this.#startOf(position) + place;
  }

  put(item: T): MessageLog<T> {
    const [position, chunk, place, isThere] = this.#find(item.id);
    const changed = chunk.toSpliced(place, isThere ? 1 : 0, item);
    const pieces =
      changed.length <= 2 * CHUNK
        ? [changed]
        : // At the end, where most are added, a full piece stays as it is.
          position === this.#chunks.length - 1 && place === chunk.length
          ? [changed.slice(0, -1), changed.slice(-1)]
          : [changed.slice(0, CHUNK), changed.slice(CHUNK)];
    return new MessageLog(this.#chunks.toSpliced(position, 1, ...pieces));
  }

  remove(id: number): MessageLog<T> {
    const [position, chunk, place, isThere] = this.#find(id);
    if (!isThere) return this;
    const changed = chunk.toSpliced(place, 1);
    return new MessageLog(this.#chunks.toSpliced(position, 1, ...(changed.length > 0 ? [changed] : [])));
  }

  /** All but the oldest: at least so many, and not many more. */
  newest(count: number): MessageLog<T> {
    let [from, kept] = [this.#chunks.length, 0];
    while (from > 0 && kept < count) kept += this.#chunk(--from).length;
    return new MessageLog(this.#chunks.slice(from));
  }

  *[Symbol.iterator](): Iterator<T> {
    for (const chunk of this.#chunks) yield* chunk;
  }

  /** From the newest to the oldest. */
  *backwards(): Generator<T, void> {
    for (let position = this.#chunks.length - 1; position >= 0; position--) yield* this.#chunk(position).toReversed();
  }

  #chunk(position: number): readonly T[] {
    return this.#chunks[position] ?? [];
  }

  #startOf(position: number): number {
    if (!this.#starts) {
      let start = 0;
      this.#starts = this.#chunks.map((chunk) => (start += chunk.length) - chunk.length);
    }
    return this.#starts[position] ?? 0;
  }

  /** Where the id is, or would be: the piece and its position, and the place in it. */
  #find(id: number): [position: number, chunk: readonly T[], place: number, isThere: boolean] {
    const position = lastWhere(this.#chunks.length, (each) => (this.#chunk(each)[0]?.id ?? 0) <= id);
    const chunk = this.#chunk(position);
    const place = lastWhere(chunk.length, (each) => (chunk[each]?.id ?? 0) < id, -1) + 1;
    return [position, chunk, place, chunk[place]?.id === id];
  }
}

/** The last of the first positions for which something is true, by halving; `otherwise` when it is for none. */
function lastWhere(length: number, isTrue: (position: number) => boolean, otherwise = 0): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isTrue(middle)) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? otherwise : low - 1;
}

/** Some of the items of a list that has `at`. */
export function sliceOf<T>(list: { at(index: number): T | undefined }, start: number, end: number): T[] {
  const items: T[] = [];
  for (let index = start; index < end; index++) {
    const item = list.at(index);
    if (item !== undefined) items.push(item);
  }
  return items;
}
