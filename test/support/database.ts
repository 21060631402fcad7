import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { inject } from 'vitest';
import { startEmbeddedPostgres } from '../../src/database/embedded/postgres.js';

/** A database of its own for a test file: where the server finds it, and how it is thrown away. */
export interface TestDatabase {
  /** undefined: the embedded one, in dataDir. */
  readonly url: string | undefined;
  readonly dataDir: string;
  drop(): Promise<void>;
}

/** The PostgreSQL that the suite runs on; undefined when it runs on the embedded one. */
export const postgresUrl = process.env.TEST_DATABASE_URL;

/** Where a server finds a database that it need not open itself. */
interface RunningDatabase {
  readonly url: string;
  readonly poolSize: number;
}

let running: Promise<RunningDatabase> | undefined;

/**
 * The migrated database that the test files of this process share, one file after the other: to start one takes longer
 * than most files. It ends with the process, and the global teardown removes what it leaves.
 */
export function sharedDatabase(): Promise<RunningDatabase> {
  return (running ??= startShared());
}

async function startShared(): Promise<RunningDatabase> {
  const template = inject('template');
  if (postgresUrl) return { url: await createPostgres(postgresUrl, template, `${template}_`), poolSize: 16 };
  const folder = await mkdtemp(`${template}-`);
  await cp(template, folder, { recursive: true });
  // There is one session for everybody: a second connection of a server would only wait inside of it.
  return { url: (await startEmbeddedPostgres(join(folder, 'postgres'))).url, poolSize: 1 };
}

/** A migrated database of the test's own, for a server that opens it itself. */
export function copyTemplate(): Promise<TestDatabase> {
  return copyOf(inject('template'));
}

/** A database without any table. */
export function emptyDatabase(): Promise<TestDatabase> {
  return copyOf(inject('emptyTemplate'));
}

function copyOf(template: string): Promise<TestDatabase> {
  return postgresUrl ? copyPostgres(postgresUrl, template) : copyEmbedded(template);
}

async function copyEmbedded(template: string): Promise<TestDatabase> {
  const dataDir = await mkdtemp(join(tmpdir(), 'messenger-test-'));
  await cp(template, dataDir, { recursive: true });
  return { url: undefined, dataDir, drop: () => rm(dataDir, { recursive: true }) };
}

async function copyPostgres(serverUrl: string, template: string): Promise<TestDatabase> {
  const url = await createPostgres(serverUrl, template, 'messenger_test_');
  const dataDir = await mkdtemp(join(tmpdir(), 'messenger-test-'));
  return {
    url,
    dataDir,
    async drop() {
      await rm(dataDir, { recursive: true });
      await asAdmin(serverUrl, `drop database ${new URL(url).pathname.slice(1)} with (force)`);
    },
  };
}

/** @returns the URL of the new database, whose name begins with the prefix. */
async function createPostgres(serverUrl: string, template: string, prefix: string): Promise<string> {
  const name = prefix + randomBytes(6).toString('hex');
  await asAdmin(serverUrl, `create database ${name} template ${template}`);
  const url = new URL(serverUrl);
  url.pathname = name;
  return url.href;
}

async function asAdmin(url: string, sql: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
