import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { buildApp } from '../../src/app.js';
import { openDatabase } from '../../src/database/index.js';
import { createLogger } from '../../src/shared/logger.js';
import { DATABASE_OPTIONS, TEST_CONFIG } from '../support/app.js';
import { call, PASSWORD, registerMany, uniqueName, type Person } from '../support/client.js';
import { postgresUrl } from '../support/database.js';
import { everyRequest } from '../support/every-request.js';
import { writtenLines } from '../support/written-lines.js';
import { canStartPostgres, PostgresServer } from '../support/postgres-server.js';

const log = createLogger('silent');

async function query(url: string, ...statements: string[]): Promise<unknown[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    let rows: unknown[] = [];
    for (const statement of statements) ({ rows } = await client.query(statement));
    return rows;
  } finally {
    await client.end();
  }
}

const open = (url: string) => openDatabase({ ...DATABASE_OPTIONS, url, dataDir: '', migrate: true }, log);

async function refusal(url: string): Promise<string> {
  const opened = await open(url).catch((error: unknown) => error as Error);
  if (opened instanceof Error) return opened.message;
  await opened.close();
  return 'it was not refused';
}

/** Makes the tables, and goes through everything that the API asks of them. */
async function useAll(url: string): Promise<void> {
  const database = await open(url);
  const app = await buildApp(TEST_CONFIG, { db: database.db, log });
  await app.ready();
  try {
    const test = { app, db: database.db };
    const people = (await registerMany(test, 3)) as [Person, Person, Person];
    const account = { username: uniqueName(), email: `${uniqueName()}@example.com`, password: PASSWORD };
    expect((await call(test, 'POST', '/register', { body: account })).status).toBe(200);
    const again = { ...account, username: account.username.toUpperCase(), email: account.email.toUpperCase() };
    expect((await call(test, 'POST', '/register', { body: again })).status).toBe(400);
    for (const usernameOrEmail of [again.username, again.email]) {
      expect((await call(test, 'POST', '/login', { body: { usernameOrEmail, password: PASSWORD } })).status).toBe(200);
    }
    const answers = [...(await everyRequest(people)), await call(test, 'GET', '/health/ready')];
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  } finally {
    await app.close();
    await database.close();
  }
}

describe.skipIf(!postgresUrl)('a database as it is (needs TEST_DATABASE_URL of a superuser)', () => {
  /** A new database, and a role that may only log in to it, with a schema of its own. */
  async function make(options = ''): Promise<{ admin: string; owner: URL; schema: string; role: string }> {
    const name = `messenger_test_${uniqueName()}`;
    const [role, schema] = [`role_${name}`, `Schema of ${name}`];
    await query(postgresUrl ?? '', `create database ${name} ${options}`, `create role ${role} login password 'secret'`);
    const admin = new URL(postgresUrl ?? '');
    admin.pathname = name;
    onTestFinished(async () => {
      await query(postgresUrl ?? '', `drop database ${name} with (force)`, `drop role ${role}`);
    });
    const isolated = ['revoke all on schema public from public', `create schema "${schema}" authorization ${role}`];
    await query(admin.href, ...isolated);
    const owner = new URL(admin);
    owner.username = role;
    owner.password = 'secret';
    return { admin: admin.href, owner, schema, role };
  }

  /** Where the tables are. */
  const schemas = (url: string) =>
    query(url, `select distinct schemaname as name from pg_tables where tablename = 'message'`);

  it('keeps its tables in the schema of ?schema=', async () => {
    const { admin, owner, schema } = await make();
    owner.searchParams.set('schema', schema);
    await useAll(owner.href);
    expect(await schemas(admin)).toEqual([{ name: schema }]);
  });

  it('makes the schema of ?schema= where there is none', async () => {
    const { admin } = await make();
    await useAll(`${admin}?schema=new`);
    expect(await schemas(admin)).toEqual([{ name: 'new' }]);
  });

  it('keeps its tables in the first schema of the search_path, of a role or in the URL', async () => {
    const { admin, owner, schema, role } = await make();
    const other = new URL(owner);
    other.searchParams.set('options', `-c search_path="${schema.replaceAll(' ', '\\ ')}"`);
    await useAll(other.href);
    await query(admin, `alter role ${role} set search_path = "${schema}"`);
    await useAll(owner.href);
    expect(await schemas(admin)).toEqual([{ name: schema }]);
  });

  /** Whether a new start finds somebody in spite of a typo. */
  async function findsTypos(url: string): Promise<boolean> {
    const database = await open(url);
    try {
      const test = { app: await buildApp(TEST_CONFIG, { db: database.db, log }), db: database.db };
      const [ada, bob] = (await registerMany(test, 2)) as [Person, Person];
      await bob.patch('/user/me', { name: 'Charles Babbage' });
      const found = async (q: string) => (await ada.get(`/user/search?q=${q}`)).body.users.map(({ id }: Person) => id);
      expect(await found('charles bab')).toContain(bob.id);
      const ids = await found('Chales%20Babbage');
      await test.app.close();
      return ids.includes(bob.id);
    } finally {
      await database.close();
    }
  }

  it('whose role may not make pg_trgm is searched without typos, and says what to do; from the start after that, with them', async () => {
    const { admin, owner, schema } = await make();
    owner.searchParams.set('schema', schema);
    const { destination, written } = writtenLines();
    const options = { ...DATABASE_OPTIONS, url: owner.href, dataDir: '', migrate: true };
    await (await openDatabase(options, createLogger('warn', destination))).close();
    expect(written).toHaveLength(1);
    const { sql } = JSON.parse(written[0] ?? '') as { sql: string };
    expect(sql).toMatch(/^CREATE EXTENSION pg_trgm/);
    expect(await findsTypos(owner.href)).toBe(false);
    await query(admin, sql);
    expect(await findsTypos(owner.href)).toBe(true);
  });

  it('uses pg_trgm of another schema, once the role may', async () => {
    const { admin, owner, schema } = await make();
    owner.searchParams.set('schema', schema);
    await query(admin, 'create schema "its ""home"', 'create extension pg_trgm schema "its ""home"');
    expect(await findsTypos(owner.href)).toBe(false);
    await query(admin, 'grant usage on schema "its ""home" to public');
    expect(await findsTypos(owner.href)).toBe(true);
  });

  it('is refused where the role has no schema', async () => {
    const { admin, owner } = await make();
    expect(await refusal(owner.href)).toMatch(/search_path names no schema .*\?schema=NAME/);
    await query(admin, 'grant usage on schema public to public');
    expect(await refusal(owner.href)).toMatch(/may not make tables in the schema "public": GRANT .*\?schema=NAME/);
  });

  it.each(['LATIN1', 'SQL_ASCII'])('is refused in %s', async (encoding) => {
    const { admin } = await make(`encoding '${encoding}' locale 'C' template template0`);
    expect(await refusal(admin)).toMatch(`encoding ${encoding}`);
  });

  it('works with the locale C', async () => {
    const { admin } = await make(`encoding 'UTF8' locale 'C' template template0`);
    await useAll(admin);
  });

  it.each([
    [`default_transaction_isolation = 'serializable'`, 'default_transaction_isolation is "serializable"'],
    [`default_transaction_isolation = 'repeatable read'`, 'default_transaction_isolation is "repeatable read"'],
    ['default_transaction_read_only = on', 'default_transaction_read_only is on'],
  ])('is refused with %s', async (setting, words) => {
    const { admin } = await make();
    await query(postgresUrl ?? '', `alter database ${new URL(admin).pathname.slice(1)} set ${setting}`);
    expect(await refusal(admin)).toContain(words);
  });
});

describe.skipIf(!canStartPostgres)('a server of its own (needs the programs of PostgreSQL, and openssl)', () => {
  const servers: Record<'plain' | 'tls' | 'only', PostgresServer> = {} as never;

  beforeAll(async () => {
    for (const kind of ['plain', 'tls', 'only'] as const) {
      const server = await PostgresServer.make();
      servers[kind] = server;
      if (kind !== 'plain') await server.useTls('localhost');
      if (kind === 'only') await server.allow('hostssl all all 127.0.0.1/32 trust');
      server.start();
    }
  }, 120_000);

  afterAll(async () => {
    for (const server of Object.values(servers)) {
      server.stop();
      await server.remove();
    }
  });

  const isEncrypted = async (url: string): Promise<boolean | string> => {
    try {
      const database = await open(url);
      const rows = await database.db.$queryRaw<{ ssl: boolean }[]>`
        select ssl from pg_stat_ssl where pid = pg_backend_pid()`;
      await database.close();
      return rows[0]?.ssl ?? 'unknown';
    } catch (error) {
      return (error as Error).message;
    }
  };

  // What psql does with the same URL; "by name" is the host for which the certificate is.
  it.each([
    ['plain', 'sslmode=disable', false],
    ['plain', 'sslmode=allow', false],
    ['plain', 'sslmode=prefer', false],
    ['plain', 'sslmode=require', /does not support SSL/],
    ['plain', 'sslmode=verify-full', /does not support SSL/],
    ['tls', '', false],
    ['tls', 'sslmode=disable', false],
    ['tls', 'sslmode=allow', false],
    ['tls', 'sslmode=prefer', true],
    ['tls', 'sslmode=require', true],
    ['tls', 'sslmode=no-verify', true],
    ['tls', 'sslmode=verify-ca', /needs sslrootcert/],
    ['tls', 'sslmode=verify-ca&sslrootcert', true],
    ['tls', 'sslmode=verify-full', /self-signed certificate/],
    ['tls', 'sslmode=verify-full&sslrootcert', /does not match|altnames/],
    ['tls by name', 'sslmode=verify-full&sslrootcert', true],
    ['only', 'sslmode=allow', true],
    ['only', 'sslmode=prefer', true],
    ['only', 'sslmode=disable', /no encryption/],
  ] as const)('%s, %s', async (which, parameters, expected) => {
    const server = servers[which === 'tls by name' ? 'tls' : which];
    const url = which === 'tls by name' ? server.url.replace('127.0.0.1', 'localhost') : server.url;
    const found = await isEncrypted(`${url}?${parameters.replace('sslrootcert', `sslrootcert=${server.certificate}`)}`);
    if (expected instanceof RegExp) expect(found).toMatch(expected);
    else expect(found).toBe(expected);
  });

  it('that is a standby is refused', async () => {
    const { plain } = servers;
    plain.stop();
    await writeFile(join(plain.data, 'standby.signal'), '');
    plain.start();
    expect(await refusal(plain.url)).toMatch(/standby.* use the URL of the primary/);
  });
});
