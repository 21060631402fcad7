import pg from 'pg';
import type { Logger } from '../../shared/logger.js';

/** What each is made on. Of the words without a list of what is to be sorted in: every search would read it. */
const INDEXES: Readonly<Record<string, (operators: string) => string>> = {
  user_search_typos_idx: (operators) => `user_search using gin (entry ${operators}) where is_whole`,
  user_word_typos_idx: (operators) => `user_word using gin (word ${operators}) with (fastupdate = off)`,
};

interface Extension {
  /** Where its functions are; null: the database does not have it. */
  readonly home: string | null;
  /** Whether the role may use them. */
  readonly usable: boolean | null;
  /** Which of the indexes there are. */
  readonly indexes: readonly string[];
}

/** $1 the schema of the tables, $2 the names of the indexes. */
const FIND = `
  select home.nspname as home, has_schema_privilege(home.oid, 'USAGE') as usable, array(
    select relname::text from pg_class join pg_namespace n on n.oid = relnamespace where relname = any($2) and n.nspname = $1
  ) as indexes
  from (values (1)) one (row)
  left join pg_extension on extname = 'pg_trgm'
  left join pg_namespace home on home.oid = extnamespace`;

/**
 * Makes what a search needs to see through typos: the extension pg_trgm and its indexes. Not every role may have the extension:
 * without it people are found by the beginnings of their names. So it is no migration, but tried at each start.
 */
export async function prepareTypos(client: pg.Client, schema: string, log: Logger): Promise<void> {
  const look = async () => (await client.query<Extension>(FIND, [schema, Object.keys(INDEXES)])).rows[0];
  let found = await look();
  const missing = Object.entries(INDEXES).filter(([name]) => found?.indexes.includes(name) !== true);
  if (missing.length === 0) return;
  if (found?.home === null) {
    await tryToCreate(client, schema);
    found = await look();
  }
  const extensionSchema = found?.home ?? null;
  if (extensionSchema === null || found?.usable !== true) {
    log.warn(
      { sql: advice(extensionSchema) },
      'the search for users sees through no typos; run the SQL and start again',
    );
    return;
  }
  const operators = `${pg.escapeIdentifier(extensionSchema)}.gin_trgm_ops`;
  for (const [name, on] of missing)
    await client.query(`create index ${name} on ${pg.escapeIdentifier(schema)}.${on(operators)}`);
  log.info('made the indexes by which the search for users sees through typos');
}

/** What an operator runs with more rights. */
function advice(home: string | null): string {
  return home === null
    ? 'CREATE EXTENSION pg_trgm SCHEMA public; GRANT USAGE ON SCHEMA public TO PUBLIC'
    : `GRANT USAGE ON SCHEMA ${pg.escapeIdentifier(home)} TO PUBLIC`;
}

async function tryToCreate(client: pg.Client, schema: string): Promise<void> {
  await client.query('savepoint extension');
  try {
    await client.query(`create extension pg_trgm schema ${pg.escapeIdentifier(schema)}`);
  } catch {
    await client.query('rollback to savepoint extension');
  }
}
