/** The middle of some numbers, and how far they spread. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/**
 * What stands in a table. A list holds the same of several, in the order that the column or the text names.
 * NaN is what is not known: JSON makes null of it.
 */
export type Cell = string | number | null | Spread | readonly (number | null)[];
export type Row = Readonly<Record<string, Cell>>;

/** What a part has found out, as it is published. */
export interface Section {
  readonly title: string;
  readonly text: string;
  readonly rows: readonly Row[];
  /** Values over time, by what they are. */
  readonly lines?: Readonly<Record<string, readonly number[]>>;
}

/** The results of a run. */
export interface Results {
  /** When, where, on what and how. */
  readonly environment: Readonly<Record<string, string>>;
  /** By the name of the part. */
  readonly parts: Readonly<Record<string, readonly Section[]>>;
}
