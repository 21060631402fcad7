import type { Static } from '@sinclair/typebox';
import { FIRST, type ReactionCount } from './reaction.fields.js';

/** How many have reacted with an emoji, as the message keeps it. */
export type Count = Static<typeof ReactionCount>;

/** The reactions to a message while they are changed. */
export class Counts {
  readonly #counts: Map<string, Count>;
  /** The emojis of which one of the first has gone: who follows has to be looked up. */
  readonly unsure = new Set<string>();

  constructor(counts: readonly Count[]) {
    this.#counts = new Map(counts.map((each) => [each.emoji, each]));
  }

  get kinds(): number {
    return this.#counts.size;
  }

  has(emoji: string): boolean {
    return this.#counts.has(emoji);
  }

  add(emoji: string, userId: number): void {
    const { count = 0, first = [] } = this.#counts.get(emoji) ?? {};
    // While others are named, all of them are.
    const isNamed = count === first.length && count < FIRST;
    this.#counts.set(emoji, { emoji, count: count + 1, first: isNamed ? [...first, userId] : first });
  }

  remove(emoji: string, userId: number): void {
    const { count = 0, first = [] } = this.#counts.get(emoji) ?? {};
    if (count <= 1) this.#counts.delete(emoji);
    else this.#counts.set(emoji, { emoji, count: count - 1, first: first.filter((id) => id !== userId) });
    if (count > first.length && first.includes(userId)) this.unsure.add(emoji);
  }

  /** Names those who are first now. */
  name(emoji: string, first: number[]): void {
    const known = this.#counts.get(emoji);
    if (known) this.#counts.set(emoji, { ...known, first });
  }

  all(): Count[] {
    return [...this.#counts.values()];
  }
}
