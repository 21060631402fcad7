import pg from 'pg';
import type { Logger } from '../../shared/logger.js';
import { migrationNames, readMigrations } from './folder.js';
import { withSchemaEngine } from './schema-engine.js';

/**
 * The key of the advisory lock under which migrations are applied: any constant that nothing else uses.
 * The schema engine takes one of its own (72707369) and gives up after ten seconds; this one waits as long as it takes.
 */
const MIGRATION_LOCK = 20_261_123;

/**
 * Brings the database to the newest migration. Several nodes may start at once: one applies, the others wait.
 * @param shared false when no other process can reach the database (the embedded one has a single session, in which
 *   holding a lock would hold up the migrations themselves).
 * @returns the names of the migrations that this call has applied.
 * @throws Error with the schema engine's message when a migration fails.
 */
export async function migrate(url: string, shared: boolean, log: Logger): Promise<string[]> {
  const client = new pg.Client({ connectionString: url, application_name: 'messenger-backend migrate' });
  // Whoever ends this connection while another one migrates only takes the lock away, and the commit below says so.
  client.on('error', (error) => {
    log.warn({ err: error }, 'lost the connection that holds the migration lock');
  });
  await client.connect();
  try {
    if ((await pendingMigrations(client)).length === 0) return [];
    if (!shared) return await apply(url, log);
    // A lock that ends with its transaction works through a connection pooler too.
    await client.query('begin');
    await client.query('select pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    const applied = (await pendingMigrations(client)).length === 0 ? [] : await apply(url, log);
    await client.query('commit');
    return applied;
  } finally {
    await client.end();
  }
}

/** The migrations that the database does not have, oldest first. */
async function pendingMigrations(client: pg.Client): Promise<string[]> {
  const names = await migrationNames();
  // Not to_regclass: inside of a transaction it goes on saying what it said before another node made the table.
  const table = await client.query(
    `select 1 from pg_tables where schemaname = current_schema() and tablename = '_prisma_migrations'`,
  );
  if (table.rowCount === 0) return names;
  const applied = await client.query<{ migration_name: string }>(
    'select migration_name from _prisma_migrations where finished_at is not null and rolled_back_at is null',
  );
  const done = new Set(applied.rows.map((row) => row.migration_name));
  return names.filter((name) => !done.has(name));
}

async function apply(url: string, log: Logger): Promise<string[]> {
  const migrationsList = await readMigrations();
  const { appliedMigrationNames } = await withSchemaEngine(url, (engine) =>
    engine.applyMigrations({ migrationsList, filters: { externalTables: [], externalEnums: [] } }),
  );
  log.info({ migrations: appliedMigrationNames }, 'applied migrations');
  return appliedMigrationNames;
}
