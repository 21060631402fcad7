/** What is counted, in the order in which it is told. */
export const COUNTED = [
  'sends',
  'acknowledged',
  'retried',
  'deduplicated',
  'refused',
  'edits',
  'deletes',
  'renames',
  'joins',
  'leaves',
  'reads',
  'settings',
  'enriched',
  'pins',
  'votes',
  'forwards',
  'scheduled',
  'restrictions',
  'bans',
  'reports',
  'chats opened',
] as const;

export type Counted = (typeof COUNTED)[number];

export class Counters {
  readonly #counts = new Map<string, number>();

  count(name: Counted, by = 1): void {
    this.#counts.set(name, this.get(name) + by);
  }

  get(name: Counted): number {
    return this.#counts.get(name) ?? 0;
  }
}
