import { createHash, randomUUID } from 'node:crypto';
import pg from 'pg';
import type { Logger } from '../../shared/logger.js';
import type { Location } from '../location.js';
import { readMigrations, type Migration } from './folder.js';
import { prepareTypos } from './typos.js';

/** The key of the advisory lock under which migrations are applied: any constant that nothing else uses. */
const MIGRATION_LOCK = 20_261_123;

/** As the Prisma CLI makes it, which then knows what has been applied. */
export const BOOKKEEPING = `
  create table if not exists _prisma_migrations (
    id varchar(36) primary key not null,
    checksum varchar(64) not null,
    finished_at timestamptz,
    migration_name varchar(255) not null,
    logs text,
    rolled_back_at timestamptz,
    started_at timestamptz not null default now(),
    applied_steps_count integer not null default 0
  )`;

/**
 * Brings the database to the newest migration. Several nodes may start at once: one applies, the others wait.
 *
 * A migration and its row in _prisma_migrations are one transaction. A node that is killed at any moment has applied it as a
 * whole or not at all, and the next start goes on from there; so does a start after a migration that failed.
 * @returns the names of the migrations that this call has applied.
 * @throws Error with PostgreSQL's message when a migration fails.
 */
export async function migrate({ url, schema }: Location, log: Logger): Promise<string[]> {
  const migrations = await readMigrations();
  const client = new pg.Client({ connectionString: url, application_name: 'messenger-backend migrate' });
  // What the lost connection had not committed is rolled back; the query that is under way fails.
  client.on('error', (error) => {
    log.warn({ err: error }, 'lost the connection that applies migrations');
  });
  await client.connect();
  try {
    const applied: string[] = [];
    while ((await pending(client, schema, migrations)).length > 0) {
      const name = await applyNext(client, schema, migrations);
      if (name === undefined) break;
      applied.push(name);
      log.info({ migration: name }, 'applied a migration');
    }
    await inTurn(client, schema, () => prepareTypos(client, schema, log));
    return applied;
  } finally {
    await client.end();
  }
}

/** @returns the name of the migration that has been applied; undefined: there is none left. */
async function applyNext(
  client: pg.Client,
  schema: string,
  migrations: readonly Migration[],
): Promise<string | undefined> {
  return inTurn(client, schema, async () => {
    await client.query(BOOKKEEPING);
    const [next] = await pending(client, schema, migrations);
    if (next) await apply(client, next);
    return next?.name;
  });
}

/** A transaction that no other node has beside this one. */
async function inTurn<T>(client: pg.Client, schema: string, work: () => Promise<T>): Promise<T> {
  // A node that waits for the lock must see what the other node has committed. The lock ends with the transaction, so that it
  // works through a connection pooler too.
  await client.query('begin isolation level read committed read write');
  try {
    await client.query('select pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    await enter(client, schema);
    const result = await work();
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}

/** Lets the transaction find and make its tables in the schema. @throws Error that says what to do when it may not. */
async function enter(client: pg.Client, schema: string): Promise<void> {
  const name = pg.escapeIdentifier(schema);
  const found = await client.query<{ usable: boolean; role: string }>(
    `select has_schema_privilege(oid, 'CREATE') and has_schema_privilege(oid, 'USAGE') as usable, current_user as role
     from pg_namespace where nspname = $1`,
    [schema],
  );
  const [state] = found.rows;
  if (state === undefined) await client.query(`create schema ${name}`);
  else if (!state.usable) {
    throw new Error(
      `The role "${state.role}" may not make tables in the schema "${schema}": ` +
        `GRANT USAGE, CREATE ON SCHEMA ${name}, or add ?schema=NAME of a schema of its own to DATABASE_URL.`,
    );
  }
  await client.query(`set local search_path = ${name}`);
}

async function apply(client: pg.Client, { name, script }: Migration): Promise<void> {
  if (!(await wasCommitted(client, name, script))) {
    await client.query(script).catch((error: unknown) => {
      throw new Error(`The migration ${name} failed: ${(error as Error).message}`, { cause: error });
    });
  }
  await client.query(
    'update _prisma_migrations set rolled_back_at = now() where migration_name = $1 and finished_at is null',
    [name],
  );
  const checksum = createHash('sha256').update(script).digest('hex');
  await client.query(
    `insert into _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
     values ($1, $2, $3, now(), clock_timestamp(), 1)`,
    [randomUUID(), checksum, name],
  );
}

/**
 * Whether the Prisma CLI, or a version of this server that wrote the row in a transaction of its own, was killed between
 * the migration's commit and the end of its row. It had applied all of the migration or nothing, so what the script
 * creates says which.
 */
async function wasCommitted(client: pg.Client, name: string, script: string): Promise<boolean> {
  const interrupted = await client.query(
    `select 1 from _prisma_migrations
     where migration_name = $1 and finished_at is null and rolled_back_at is null and logs is null`,
    [name],
  );
  if (interrupted.rowCount === 0) return false;
  const created = [...script.matchAll(/^CREATE (?:TABLE|TYPE|(?:UNIQUE )?INDEX) "(\w+)"/gm)].map(
    ([, object]) => object,
  );
  if (created.length === 0) return false;
  const missing = await client.query(
    `select 1 from unnest($1::text[]) created (name)
     where not exists (select from pg_class where relname = name and relnamespace = current_schema()::regnamespace)
       and not exists (select from pg_type where typname = name and typnamespace = current_schema()::regnamespace)`,
    [created],
  );
  return missing.rowCount === 0;
}

/** The migrations that the database does not have, oldest first. */
async function pending(
  client: pg.Client,
  schema: string,
  migrations: readonly Migration[],
): Promise<readonly Migration[]> {
  // Not to_regclass: inside a transaction it keeps its first answer after another node has made the table.
  const table = await client.query(
    `select 1 from pg_tables where schemaname = $1 and tablename = '_prisma_migrations'`,
    [schema],
  );
  if (table.rowCount === 0) return migrations;
  const applied = await client.query<{ migration_name: string }>(
    `select migration_name from ${pg.escapeIdentifier(schema)}._prisma_migrations
     where finished_at is not null and rolled_back_at is null`,
  );
  const done = new Set(applied.rows.map((row) => row.migration_name));
  return migrations.filter(({ name }) => !done.has(name));
}
