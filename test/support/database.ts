import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { inject } from 'vitest';

/** A database of its own for a test file: where the server finds it, and how it is thrown away. */
export interface TestDatabase {
  /** undefined: the embedded one, in dataDir. */
  readonly url: string | undefined;
  readonly dataDir: string;
  drop(): Promise<void>;
}

/** The PostgreSQL that the suite runs on; undefined when it runs on the embedded one. */
export const postgresUrl = process.env.TEST_DATABASE_URL;

/** A migrated database. */
export function copyTemplate(): Promise<TestDatabase> {
  return copyOf(inject('template'));
}

/** A database without any table. */
export function emptyDatabase(): Promise<TestDatabase> {
  return copyOf(inject('emptyTemplate'));
}

function copyOf(template: string): Promise<TestDatabase> {
  return postgresUrl ? createPostgres(postgresUrl, template) : createEmbedded(template);
}

async function createEmbedded(template: string): Promise<TestDatabase> {
  const dataDir = await mkdtemp(join(tmpdir(), 'messenger-test-'));
  await cp(template, dataDir, { recursive: true });
  return { url: undefined, dataDir, drop: () => rm(dataDir, { recursive: true }) };
}

async function createPostgres(serverUrl: string, template: string): Promise<TestDatabase> {
  const name = `messenger_test_${randomBytes(6).toString('hex')}`;
  await asAdmin(serverUrl, `create database ${name} template ${template}`);
  const url = new URL(serverUrl);
  url.pathname = name;
  const dataDir = await mkdtemp(join(tmpdir(), 'messenger-test-'));
  return {
    url: url.href,
    dataDir,
    async drop() {
      await rm(dataDir, { recursive: true });
      await asAdmin(serverUrl, `drop database ${name} with (force)`);
    },
  };
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
