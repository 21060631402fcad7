import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../src/database/embedded/postgres.js';
import { migrate } from '../../src/database/migrations/migrate.js';
import { createLogger } from '../../src/shared/logger.js';
import { parentOf } from '../../test/processes/usage.js';

/** A database of the benchmark's own. */
export interface BenchDatabase {
  readonly url: string;
  /** How many connections a server may open, so that all are compared with the same number. */
  readonly poolSize: number;
}

const POOL_SIZE = 16;
/** The embedded database has one session. */
export const EMBEDDED_POOL_SIZE = 1;

/** The PostgreSQL that is measured; undefined: the embedded one. */
export const postgresUrl = process.env.BENCH_DATABASE_URL;

const drops: (() => Promise<unknown>)[] = [];

/** One with tables and nothing in them. */
export async function createDatabase(): Promise<BenchDatabase> {
  const url = postgresUrl === undefined ? await createEmbedded() : await createPostgres(postgresUrl);
  await migrate({ url, schema: 'public' }, createLogger('warn'));
  return { url, poolSize: postgresUrl === undefined ? EMBEDDED_POOL_SIZE : POOL_SIZE };
}

export async function dropDatabases(): Promise<void> {
  for (const drop of drops.splice(0)) await drop();
}

async function createEmbedded(): Promise<string> {
  const postgres = await startEmbeddedPostgres(undefined);
  drops.push(() => postgres.close());
  return postgres.url;
}

async function createPostgres(serverUrl: string): Promise<string> {
  const name = `messenger_bench_${randomBytes(6).toString('hex')}`;
  await withClient(serverUrl, (client) => client.query(`create database ${name}`));
  drops.push(() => withClient(serverUrl, (client) => client.query(`drop database ${name} with (force)`)));
  return Object.assign(new URL(serverUrl), { pathname: name }).href;
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

/** Which database, and its settings that decide how fast it may be. */
export function describeDatabase(url: string): Promise<string> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ description: string }>(`
      select format('PostgreSQL %s, shared_buffers = %s, synchronous_commit = %s, fsync = %s',
        split_part(current_setting('server_version'), ' ', 1), current_setting('shared_buffers'),
        current_setting('synchronous_commit'), current_setting('fsync')) as description`);
    return (postgresUrl === undefined ? 'embedded ' : '') + rows[0]!.description;
  });
}

/** The main process of the PostgreSQL at the URL; undefined when it is not one of this machine's. */
export function findPostmaster(url: string): Promise<number | undefined> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    return parentOf(rows[0]!.pid, 'postgres');
  });
}
