import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../src/database/embedded/postgres.js';
import { migrate } from '../../src/database/migrations/migrate.js';
import { createLogger } from '../../src/shared/logger.js';

/** A database that a server of the benchmark uses. */
export interface ServedDatabase {
  /** undefined: the server's own, the embedded one. */
  readonly url: string | undefined;
  /** How many connections a server may open. */
  readonly poolSize: number;
  drop(): Promise<void>;
}

/** A database of the benchmark's own, with tables and nothing in them. */
export interface BenchDatabase extends ServedDatabase {
  readonly url: string;
}

/** What each server gets, so that they are compared with the same number. */
const POOL_SIZE = 16;
/** The embedded database has one session. */
const EMBEDDED_POOL_SIZE = 1;

/** The PostgreSQL that is measured; undefined: the embedded one. */
const postgresUrl = process.env.BENCH_DATABASE_URL;

const log = createLogger('warn');

/** Those that have not been dropped. */
const databases = new Set<BenchDatabase>();

export async function createDatabase(): Promise<BenchDatabase> {
  return (await createPostgresDatabase()) ?? droppedAtTheEnd(await createEmbedded());
}

/** undefined: the benchmark has no PostgreSQL. */
export async function createPostgresDatabase(): Promise<BenchDatabase | undefined> {
  return postgresUrl === undefined ? undefined : droppedAtTheEnd(await createPostgres(postgresUrl));
}

function droppedAtTheEnd(created: BenchDatabase): BenchDatabase {
  const database: BenchDatabase = {
    ...created,
    async drop() {
      databases.delete(database);
      await created.drop();
    },
  };
  databases.add(database);
  return database;
}

export async function dropDatabases(): Promise<void> {
  for (const database of databases) await database.drop();
}

async function createEmbedded(): Promise<BenchDatabase> {
  const postgres = await startEmbeddedPostgres(undefined);
  await migrate({ url: postgres.url, schema: 'public' }, log);
  return { url: postgres.url, poolSize: EMBEDDED_POOL_SIZE, drop: () => postgres.close() };
}

async function createPostgres(serverUrl: string): Promise<BenchDatabase> {
  const name = `messenger_bench_${randomBytes(6).toString('hex')}`;
  await withClient(serverUrl, (client) => client.query(`create database ${name}`));
  const url = new URL(serverUrl);
  url.pathname = name;
  await migrate({ url: url.href, schema: 'public' }, log);
  return {
    url: url.href,
    poolSize: POOL_SIZE,
    async drop() {
      await withClient(serverUrl, (client) => client.query(`drop database ${name} with (force)`));
    },
  };
}

export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: 'messenger-bench' });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** For the results: which database, and its settings that decide how fast it may be. */
export function describeDatabase(url: string): Promise<Record<string, string>> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<Record<string, string>>(
      `select current_setting('server_version') as version, current_setting('shared_buffers') as shared_buffers,
              current_setting('synchronous_commit') as synchronous_commit, current_setting('fsync') as fsync`,
    );
    return { kind: postgresUrl === undefined ? 'embedded' : 'PostgreSQL', ...rows[0] };
  });
}
