import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import pg from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openDataFolder } from '../../src/database/embedded/data-folder.js';
import { openDatabase } from '../../src/database/index.js';
import { readMigrations } from '../../src/database/migrations/folder.js';
import { BOOKKEEPING, migrate } from '../../src/database/migrations/migrate.js';
import { createLogger } from '../../src/shared/logger.js';
import { DATABASE_OPTIONS } from '../support/app.js';
import { emptyDatabase, postgresUrl, type TestDatabase } from '../support/database.js';
import type { Killing } from '../support/migrate-until-killed.js';

const log = createLogger('silent');

async function migrationNames(): Promise<string[]> {
  return (await readMigrations()).map(({ name }) => name);
}

async function scratch(): Promise<{ database: TestDatabase; url: string; query: (sql: string) => Promise<unknown[]> }> {
  const database = await emptyDatabase();
  const embedded = database.url === undefined ? await openDataFolder(database.dataDir) : undefined;
  const url = database.url ?? embedded?.url ?? '';
  onTestFinished(async () => {
    await embedded?.close();
    await database.drop();
  });
  return {
    database,
    url,
    async query(sql) {
      const client = new pg.Client(url);
      await client.connect();
      const { rows } = await client.query(sql);
      await client.end();
      return rows;
    },
  };
}

describe('migrations', () => {
  it('are applied once, and kept book of as Prisma does', async () => {
    const { url, query } = await scratch();
    const names = await migrationNames();
    expect(names.length).toBeGreaterThan(0);
    expect(await migrate({ url, schema: 'public' }, log)).toEqual(names);
    expect(await migrate({ url, schema: 'public' }, log)).toEqual([]);
    const checksums = (await readMigrations()).map(({ script }) => createHash('sha256').update(script).digest('hex'));
    expect(await query('select migration_name, checksum from _prisma_migrations order by 1')).toEqual(
      names.map((migration_name, index) => ({ migration_name, checksum: checksums[index] })),
    );
  });

  it('make the columns that the data needs: int8 ids and times with milliseconds', async () => {
    const { url, query } = await scratch();
    await migrate({ url, schema: 'public' }, log);
    const ours = `table_schema = 'public' and table_name <> '_prisma_migrations'`;
    // The id of the one row of sync_epoch, profile_log or filter_settings only keeps a second one away. A mail's id stands in its Message-ID.
    const otherTables = `('sync_epoch', 'profile_log', 'filter_settings', 'mail')`;
    // Clients and the host application choose these, and the options of a poll count from 1.
    const otherColumns = `(column_name like '%client\\_id' or column_name in ('external_id', 'option_id'))`;
    const ids = `select distinct data_type from information_schema.columns where ${ours} and table_name not in ${otherTables} and (column_name = 'id' or column_name like '%\\_id' or column_name = 'pts' or column_name like '%\\_pts') and not ${otherColumns}`;
    const times = `select distinct data_type, datetime_precision from information_schema.columns where ${ours} and column_name like '%\\_at'`;
    expect(await query(ids)).toEqual([{ data_type: 'bigint' }]);
    expect(await query(times)).toEqual([{ data_type: 'timestamp with time zone', datetime_precision: 3 }]);
  });

  it.skipIf(!postgresUrl)('are applied by one of many nodes that start at once (needs TEST_DATABASE_URL)', async () => {
    const { url, query } = await scratch();
    const applied = await Promise.all(Array.from({ length: 6 }, () => migrate({ url, schema: 'public' }, log)));
    expect(applied.flat().sort()).toEqual(await migrationNames());
    expect(await query('select count(*)::int from _prisma_migrations')).toEqual([
      { count: (await migrationNames()).length },
    ]);
  });

  it('stop the start when one fails, leave nothing behind, and go on when the cause has been mended', async () => {
    const { url, query } = await scratch();
    await query(`create type chat_type as enum ('in the way')`);
    for (let start = 0; start < 2; start++)
      await expect(migrate({ url, schema: 'public' }, log)).rejects.toThrow('already exists');
    expect(await query(`select tablename from pg_tables where schemaname = 'public'`)).toEqual([]);
    await query('drop type chat_type');
    expect(await migrate({ url, schema: 'public' }, log)).toEqual(await migrationNames());
  });

  it('are left alone with migrate off', async () => {
    const database = await emptyDatabase();
    const opened = await openDatabase({ ...DATABASE_OPTIONS, ...database, migrate: false }, log);
    await expect(opened.db.user.count()).rejects.toThrow();
    await opened.close();
    await database.drop();
  });
});

/** Migrates in a process of its own, which is killed at a query that begins with the words. */
async function killed({ url, dataDir }: TestDatabase, words: string, delayMs?: number): Promise<void> {
  const killing: Killing = { url, dataDir, words, delayMs };
  const program = join(import.meta.dirname, '../support/migrate-until-killed.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', program, JSON.stringify(killing)]);
  let said = '';
  child.stderr.on('data', (chunk) => (said += String(chunk)));
  const [, signal] = (await once(child, 'close')) as [number | null, string | null];
  expect(signal, said).toBe('SIGKILL');
}

describe('a start that is killed in the middle of a migration', () => {
  const FIRST_WORDS_OF_A_SCRIPT = '-- CreateEnum';

  it('is followed by one that goes on, whenever that was', { timeout: 120_000 }, async () => {
    const database = await emptyDatabase();
    onTestFinished(() => database.drop());
    for (const [words, delayMs] of [
      ['insert into _prisma_migrations', undefined],
      [FIRST_WORDS_OF_A_SCRIPT, 0],
      [FIRST_WORDS_OF_A_SCRIPT, 30],
      ['commit', undefined],
      ['commit', 0],
      ['commit', 200],
    ] as const) {
      await killed(database, words, delayMs);
    }
    const opened = await openDatabase({ ...DATABASE_OPTIONS, ...database, migrate: true }, log);
    const names = await opened.db.$queryRaw<{ name: string }[]>`
        select migration_name as name from _prisma_migrations where finished_at is not null order by started_at`;
    expect(names.map(({ name }) => name)).toEqual(await migrationNames());
    expect(await opened.db.user.count()).toBe(0);
    await opened.close();
  });

  it.skipIf(!postgresUrl)('lets the others that start at the same time go on (needs TEST_DATABASE_URL)', async () => {
    const { database, url, query } = await scratch();
    const first = killed(database, 'commit');
    // Of this database alone: other tests run beside this one, in theirs.
    const held = `select from pg_locks join pg_database on pg_database.oid = pg_locks.database
      where locktype = 'advisory' and granted and datname = current_database()`;
    await expect.poll(() => query(held), { timeout: 20_000 }).not.toEqual([]);
    const applied = await Promise.all([
      migrate({ url, schema: 'public' }, log),
      migrate({ url, schema: 'public' }, log),
    ]);
    await first;
    expect(applied.flat().sort()).toEqual(await migrationNames());
  });

  // The Prisma CLI, and this server before, wrote the row before the script and finished it after the script's commit.
  it('by a version that wrote the row on its own, is followed by one that goes on', { timeout: 120_000 }, async () => {
    const { url, query } = await scratch();
    const migrations = await readMigrations();
    for (const interrupted of [0, 1, 2]) {
      for (const committed of [true, false]) {
        await query('drop schema public cascade; create schema public');
        await query(BOOKKEEPING);
        for (const [position, { name, script }] of migrations.slice(0, interrupted + 1).entries()) {
          const isFinished = position < interrupted;
          await query(`insert into _prisma_migrations (id, checksum, migration_name, finished_at)
            values ('${position}', '', '${name}', ${isFinished ? 'now()' : 'null'})`);
          if (isFinished || committed) await query(script);
        }
        expect(await migrate({ url, schema: 'public' }, log)).toEqual(
          migrations.slice(interrupted).map(({ name }) => name),
        );
        expect(await query('select count(epoch)::int from sync_epoch')).toEqual([{ count: 1 }]);
      }
    }
  });
});
