import pg from 'pg';
import { expect, it, onTestFinished, vi } from 'vitest';
import { openDataFolder } from '../../src/database/embedded/data-folder.js';
import { Maintenance } from '../../src/database/embedded/maintenance.js';
import { openDatabase } from '../../src/database/index.js';
import { createLogger } from '../../src/shared/logger.js';
import { DATABASE_OPTIONS } from '../support/app.js';
import { copyTemplate, postgresUrl } from '../support/database.js';

const log = createLogger('silent');
const SOME = `insert into "user" (username, email, password)
  select 'u' || n, 'u' || n || '@x.org', '$argon2id$' from generate_series(1, 2000) n`;

async function open() {
  const copy = await copyTemplate();
  const postgres = await openDataFolder(copy.dataDir);
  const maintenance = new Maintenance(postgres.url, log);
  const client = new pg.Client(postgres.url);
  await client.connect();
  onTestFinished(async () => {
    await maintenance.close();
    await client.end();
    await postgres.close();
    await copy.drop();
  });
  const counts = async () => {
    // PostgreSQL counts what happened when its session is idle, at most once a second.
    await client.query('select pg_stat_force_next_flush()');
    const { rows } = await client.query<{ vacuums: number; analyses: number; rows: number }>(
      `select vacuum_count::int as vacuums, analyze_count::int as analyses, reltuples::int as rows
       from pg_stat_user_tables join pg_class on oid = relid where relid = 'public."user"'::regclass`,
    );
    return rows[0]!;
  };
  return { maintenance, client, counts };
}

it.skipIf(postgresUrl)(
  'analyzes and vacuums a table when enough has changed, and not before (embedded only)',
  async () => {
    const { maintenance, client, counts } = await open();
    await maintenance.run();
    const before = await counts();
    await client.query(SOME);
    await counts();
    await maintenance.run();
    expect(await counts()).toEqual({ vacuums: before.vacuums + 1, analyses: before.analyses + 1, rows: 2000 });
    await client.query('update "user" set bio = $1 where username = $2', ['x', 'u1']);
    await counts();
    await maintenance.run();
    expect(await counts()).toEqual({ vacuums: before.vacuums + 1, analyses: before.analyses + 1, rows: 2000 });
    await client.query('update "user" set bio = $1', ['x']);
    await counts();
    await maintenance.run();
    expect(await counts()).toEqual({ vacuums: before.vacuums + 2, analyses: before.analyses + 2, rows: 2000 });
  },
);

it.skipIf(postgresUrl)('leaves the tables their pages (embedded only)', async () => {
  const { maintenance, client } = await open();
  await maintenance.run();
  const { rows } = await client.query<{ pages: number }>(
    `select pg_relation_size(relid)::int / 8192 as pages from pg_stat_user_tables
     where relname in ('user', 'chat', 'chat_participant', 'message', 'chat_event')`,
  );
  expect(rows).toHaveLength(5);
  for (const { pages } of rows) expect(pages).toBeGreaterThanOrEqual(64);
});

it.skipIf(postgresUrl)('goes on by itself while the database is open (embedded only)', async () => {
  const run = vi.spyOn(Maintenance.prototype, 'run');
  const copy = await copyTemplate();
  const opened = await openDatabase({ ...DATABASE_OPTIONS, ...copy }, log);
  await expect.poll(() => run.mock.results.length, { timeout: 15_000 }).toBe(1);
  await run.mock.results[0]?.value;
  await opened.close();
  await copy.drop();
});
