import pg from 'pg';
import type { Logger } from '../../shared/logger.js';

const INDEX = 'user_search_typos_idx';

interface Extension {
  /** Where its functions are; null: the database does not have it. */
  readonly home: string | null;
  /** Whether the role may use them. */
  readonly usable: boolean | null;
  readonly indexed: boolean;
}

/** $1 the schema of the tables. */
const FIND = `
  select home.nspname as home, has_schema_privilege(home.oid, 'USAGE') as usable, exists (
    select from pg_class join pg_namespace n on n.oid = relnamespace where relname = '${INDEX}' and n.nspname = $1
  ) as indexed
  from (values (1)) one (row)
  left join pg_extension on extname = 'pg_trgm'
  left join pg_namespace home on home.oid = extnamespace`;

/**
 * Makes what a search needs to see through typos: the extension pg_trgm and its index. Not every role may have the extension:
 * without it people are found by the beginnings of their names. So it is no migration, but tried at each start.
 */
export async function prepareTypos(client: pg.Client, schema: string, log: Logger): Promise<void> {
  const look = async () => (await client.query<Extension>(FIND, [schema])).rows[0];
  let found = await look();
  if (found?.indexed) return;
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
  const home = pg.escapeIdentifier(extensionSchema);
  await client.query(
    `create index ${INDEX} on ${pg.escapeIdentifier(schema)}.user_search using gin (entry ${home}.gin_trgm_ops) where is_whole`,
  );
  log.info('made the index by which the search for users sees through typos');
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
