import type { Statement } from './statement.js';

/** What the filters of messages look for, as it is stored. */
export interface StoredFilters {
  readonly version: number;
  readonly settings: object;
}

/** $1 a version that is known: no row unless there is a newer one. Each node asks it twice a second. */
export const findNewFilters: Statement<[number, object], StoredFilters> = {
  name: 'filter_settings',
  text: `select version, settings from public.filter_settings where version > $1::int8`,
  row: ([version, settings]) => ({ version, settings }),
};
