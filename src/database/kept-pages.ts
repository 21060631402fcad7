import { LRUCache } from 'lru-cache';

/** Of all pages together, by an estimate. */
const MAX_BYTES = 32 * 1024 * 1024;
/** A row without its contents. Few have half as much, and none has three times as much. */
const ROW_BYTES = 4000;

/** Rows of a page that another reader gets as they are, for as long as their numbers are the same. Nobody changes them. */
export interface KeptPage<Row> {
  readonly rows: ReadonlyMap<number, Row>;
  /** Their numbers, as PostgreSQL reads a list. */
  readonly numbers: string;
}

const NOTHING = { rows: new Map<number, never>(), numbers: '{}' };

/**
 * What pages had when they were last asked for. A page is still read from the database each time, which says by its number whether a row is as
 * it was: only then it is not sent and read again.
 */
export class KeptPages<Row extends { readonly contents: string }> {
  readonly #pages = new LRUCache<string, KeptPage<Row>>({ maxSize: MAX_BYTES, sizeCalculation: sizeOf });

  find(page: string): KeptPage<Row> {
    return this.#pages.get(page) ?? NOTHING;
  }

  /** @param before what `find` gave for this page. */
  keep(page: string, rows: ReadonlyMap<number, Row>, before: KeptPage<Row>): void {
    const isSame = rows.size === before.rows.size && [...rows.keys()].every((number) => before.rows.has(number));
    if (!isSame) this.#pages.set(page, { rows, numbers: `{${[...rows.keys()].join(',')}}` });
  }
}

function sizeOf({ rows }: KeptPage<{ readonly contents: string }>): number {
  let size = ROW_BYTES;
  for (const { contents } of rows.values()) size += ROW_BYTES + 2 * contents.length;
  return size;
}
