import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { openDataFolder } from '../../src/database/embedded/data-folder.js';
import { migrate } from '../../src/database/migrations/migrate.js';
import { createLogger } from '../../src/shared/logger.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** The migrated database of which each test file gets a copy: a folder, or the name of one in PostgreSQL. */
    template: string;
    /** The same without any table. */
    emptyTemplate: string;
  }
}

const log = createLogger('silent');

/** Makes the template; the real PostgreSQL is that of TEST_DATABASE_URL, without it the embedded one is used. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const serverUrl = process.env.TEST_DATABASE_URL;
  console.log(
    serverUrl ? 'Testing on PostgreSQL.' : 'Testing on the embedded database; set TEST_DATABASE_URL for PostgreSQL.',
  );
  if (!process.env.TEST_REDIS_URL) console.log('Without Redis; set TEST_REDIS_URL to test with it.');
  return serverUrl ? await onPostgres(project, serverUrl) : await embedded(project);
}

async function onPostgres(project: TestProject, serverUrl: string): Promise<() => Promise<void>> {
  const template = `messenger_test_${randomBytes(6).toString('hex')}`;
  const admin = async (sql: string) => {
    const client = new pg.Client(serverUrl);
    await client.connect();
    await client.query(sql);
    await client.end();
  };
  await admin(`create database ${template}`);
  const url = new URL(serverUrl);
  url.pathname = template;
  await migrate({ url: url.href, schema: 'public' }, log);
  project.provide('template', template);
  project.provide('emptyTemplate', 'template1');
  return async () => {
    for (const name of await databasesLike(serverUrl, `${template}%`))
      await admin(`drop database ${name} with (force)`);
  };
}

/** The template, and the copies that the processes of the test files have shared. */
async function databasesLike(serverUrl: string, pattern: string): Promise<string[]> {
  const client = new pg.Client(serverUrl);
  await client.connect();
  const { rows } = await client.query<{ datname: string }>('select datname from pg_database where datname like $1', [
    pattern,
  ]);
  await client.end();
  return rows.map(({ datname }) => datname);
}

async function embedded(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'messenger-test-template-'));
  const [empty, migrated] = [join(folder, 'empty'), join(folder, 'migrated')];
  await (await openDataFolder(empty)).close();
  await cp(empty, migrated, { recursive: true });
  const postgres = await openDataFolder(migrated);
  await migrate({ url: postgres.url, schema: 'public' }, log);
  await postgres.close();
  project.provide('template', migrated);
  project.provide('emptyTemplate', empty);
  // A database that a process of the test files has shared may be writing its last bytes.
  return () => rm(folder, { recursive: true, maxRetries: 20 });
}
