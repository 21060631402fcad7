import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openDataFolder } from '../../src/database/embedded/data-folder.js';
import { openDatabase } from '../../src/database/index.js';
import { MIGRATIONS_FOLDER, migrationNames } from '../../src/database/migrations/folder.js';
import { migrate } from '../../src/database/migrations/migrate.js';
import { withSchemaEngine } from '../../src/database/migrations/schema-engine.js';
import { createLogger } from '../../src/shared/logger.js';
import { DATABASE_OPTIONS } from '../support/app.js';
import { emptyDatabase, postgresUrl } from '../support/database.js';

const log = createLogger('silent');

async function scratch(): Promise<{ url: string; query: (sql: string) => Promise<unknown[]> }> {
  const database = await emptyDatabase();
  const embedded = database.url === undefined ? await openDataFolder(database.dataDir) : undefined;
  const url = database.url ?? embedded?.url ?? '';
  onTestFinished(async () => {
    await embedded?.close();
    await database.drop();
  });
  return {
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
    expect(await migrate(url, postgresUrl !== undefined, log)).toEqual(names);
    expect(await migrate(url, postgresUrl !== undefined, log)).toEqual([]);
    const checksums = await Promise.all(
      names.map(async (name) => {
        const sql = await readFile(join(MIGRATIONS_FOLDER, name, 'migration.sql'));
        return createHash('sha256').update(sql).digest('hex');
      }),
    );
    expect(await query('select migration_name, checksum from _prisma_migrations order by 1')).toEqual(
      names.map((migration_name, index) => ({ migration_name, checksum: checksums[index] })),
    );
  });

  it('make the columns that the data needs: int8 ids and times with milliseconds', async () => {
    const { url, query } = await scratch();
    await migrate(url, postgresUrl !== undefined, log);
    const ours = `table_schema = 'public' and table_name <> '_prisma_migrations'`;
    // The id of the one row of sync_epoch only keeps a second one away.
    const ids = `select distinct data_type from information_schema.columns where ${ours} and table_name <> 'sync_epoch' and (column_name = 'id' or column_name like '%\\_id' or column_name like '%pts') and column_name <> 'client_id'`;
    const times = `select distinct data_type, datetime_precision from information_schema.columns where ${ours} and column_name like '%\\_at'`;
    expect(await query(ids)).toEqual([{ data_type: 'bigint' }]);
    expect(await query(times)).toEqual([{ data_type: 'timestamp with time zone', datetime_precision: 3 }]);
  });

  it.skipIf(!postgresUrl)('are applied by one of many nodes that start at once (needs TEST_DATABASE_URL)', async () => {
    const { url, query } = await scratch();
    const applied = await Promise.all(Array.from({ length: 6 }, () => migrate(url, true, log)));
    expect(applied.flat()).toEqual(await migrationNames());
    expect(await query('select count(*)::int from _prisma_migrations')).toEqual([
      { count: (await migrationNames()).length },
    ]);
  });

  it('refuse to start on top of one that has failed', async () => {
    const { url, query } = await scratch();
    await query(`create type chat_type as enum ('in the way')`);
    await expect(migrate(url, postgresUrl !== undefined, log)).rejects.toThrow('already exists');
    await expect(migrate(url, postgresUrl !== undefined, log)).rejects.toThrow('failed migrations');
    // The migration is one transaction: it has left nothing behind.
    expect(await query(`select tablename from pg_tables where schemaname = 'public'`)).toEqual([
      { tablename: '_prisma_migrations' },
    ]);
  });

  it('are left alone with migrate off', async () => {
    const database = await emptyDatabase();
    const opened = await openDatabase({ ...DATABASE_OPTIONS, ...database, migrate: false }, log);
    await expect(opened.db.user.count()).rejects.toThrow();
    await opened.close();
    await database.drop();
  });

  it('may hold texts and functions with semicolons', async () => {
    const { url, query } = await scratch();
    const script = `create table t (x text); insert into t values ('a;b');
      create function f() returns int language plpgsql as $$ begin return 1; end; $$;`;
    await withSchemaEngine(url, (engine) =>
      engine.applyMigrations({
        migrationsList: {
          baseDir: '/',
          lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' },
          shadowDbInitScript: '',
          migrationDirectories: [
            { path: '1_t', migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: script } } },
          ],
        },
        filters: { externalTables: [], externalEnums: [] },
      }),
    );
    expect(await query('select x, f() from t')).toEqual([{ x: 'a;b', f: 1 }]);
  });
});
