import pg from 'pg';
import { isOutdated } from '../failures.js';

/**
 * A prepared statement: PostgreSQL plans it once per connection (see idList), and it takes one round trip.
 * The name stands for the text: another text needs another name.
 *
 * The plan may be made while the tables are empty, and must be right when they have grown (docs/adr/0012). So a row is found
 * by its key in a lateral subquery with "offset 0", which the planner does not dissolve into a join: it looks each row
 * up by an index, and can't choose to scan the table once for all of them.
 */
export interface Statement<Columns extends readonly unknown[], Row> {
  readonly name: string;
  readonly text: string;
  /** Makes a row of the columns, in the order in which the text selects them. */
  readonly row: (columns: Columns) => Row;
}

type TypeId = Parameters<typeof pg.types.getTypeParser>[0];

const types: pg.CustomTypesConfig = {
  getTypeParser(oid: TypeId, format?: 'text' | 'binary'): (text: string) => unknown {
    if (oid === pg.types.builtins.INT8) return Number;
    if (oid === pg.types.builtins.TIMESTAMP) return isoTime;
    return pg.types.getTypeParser(oid, format) as (text: string) => unknown;
  },
};

/** How often the statements of a pool have been prepared anew, under other names. */
const generations = new WeakMap<pg.Pool, number>();
const MAX_TRIES = 3;

/**
 * Once a migration has changed the type of a column, PostgreSQL refuses what was prepared before, without doing it. A version that is
 * still running while the next one migrates prepares it anew.
 */
export async function execute<Columns extends readonly unknown[], Row>(
  pool: pg.Pool,
  { name, text, row }: Statement<Columns, Row>,
  values: unknown[],
): Promise<Row[]> {
  for (let tries = 1; ; tries++) {
    const generation = generations.get(pool) ?? 0;
    const preparedName = generation === 0 ? name : `${name}_${generation}`;
    try {
      const result = await pool.query({ name: preparedName, text, values, rowMode: 'array', types });
      return (result.rows as unknown as Columns[]).map(row);
    } catch (error) {
      if (!isOutdated(error) || tries === MAX_TRIES) throw error;
      // The first that finds it out does it for all.
      if ((generations.get(pool) ?? 0) === generation) generations.set(pool, generation + 1);
    }
  }
}

/** What a list is of, as PostgreSQL calls it. */
export type ListType = 'bool' | 'int2' | 'int4' | 'int8' | 'jsonb' | 'text' | 'timestamptz';

/**
 * SQL for a parameter that is a list. The planner does not see how long it is: a plan for a short one would always
 * seem cheaper than the lasting one, which takes ten for granted, and so the statement would be planned each time.
 */
export function list(parameter: string, type: ListType): string {
  return `(select ${parameter}::${type}[])::${type}[]`;
}

/** The same for a list of ids. */
export function idList(parameter: string): string {
  return list(parameter, 'int8');
}

/** SQL for a time as the API shows it; the driver's text is then only cut, never parsed. */
export function utc(column: string): string {
  return `${column} at time zone 'UTC'`;
}

/** SQL for the same inside of JSON. */
export function utcJson(column: string): string {
  return `to_char(${utc(column)}, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

/** "2026-01-02 03:04:05.6", as PostgreSQL writes a time in UTC, to "2026-01-02T03:04:05.600Z". */
function isoTime(text: string): string {
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${text.slice(20).padEnd(3, '0')}Z`;
}
