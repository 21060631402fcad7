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

/** A copy of the migrated template. */
export async function copyTemplate(): Promise<TestDatabase> {
  const template = inject('template');
  return postgresUrl ? createPostgres(postgresUrl, `template ${template}`) : createEmbedded(template);
}

/** A database without any table. */
export async function emptyDatabase(): Promise<TestDatabase> {
  return postgresUrl ? createPostgres(postgresUrl, '') : createEmbedded(undefined);
}

async function createEmbedded(template: string | undefined): Promise<TestDatabase> {
  const dataDir = await mkdtemp(join(tmpdir(), 'messenger-test-'));
  if (template) await cp(template, dataDir, { recursive: true });
  return { url: undefined, dataDir, drop: () => rm(dataDir, { recursive: true }) };
}

async function createPostgres(serverUrl: string, from: string): Promise<TestDatabase> {
  const name = `messenger_test_${randomBytes(6).toString('hex')}`;
  await asAdmin(serverUrl, `create database ${name} ${from}`);
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
