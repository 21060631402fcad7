import pg from 'pg';
import { isUnavailable } from './failures.js';

/** Where the tables are. */
export interface Location {
  /** In the driver's words, with the TLS that was found to work. */
  readonly url: string;
  readonly schema: string;
}

export const EMBEDDED_SCHEMA = 'public';

const MIN_VERSION = 14;

/** What libpq tries in turn for these sslmodes; every other stands for itself. */
const TLS_ATTEMPTS: Record<string, readonly string[]> = {
  prefer: ['require', 'disable'],
  allow: ['disable', 'require'],
};
/** The driver's own word for TLS without a look at the certificate, which libpq does not have. */
const DRIVER_ONLY = 'no-verify';

/** `?schema=` is Prisma's word, and sslmode means what it means to psql. */
function candidates(databaseUrl: string): { readonly urls: readonly string[]; readonly schema: string | null } {
  // Not as a URL: the driver also takes some that are none, such as those without a host.
  const [address = '', query = ''] = databaseUrl.split(/\?(.*)/s);
  const parameters = new URLSearchParams(query);
  const schema = parameters.get('schema');
  parameters.delete('schema');
  const written = () => (parameters.size === 0 ? address : `${address}?${parameters.toString()}`);
  const mode = parameters.get('sslmode');
  if (mode === null || mode === DRIVER_ONLY) return { urls: [written()], schema };
  if (mode === 'verify-ca' && !parameters.has('sslrootcert')) {
    throw new Error('sslmode=verify-ca in DATABASE_URL needs sslrootcert=FILE, the certificate of the authority.');
  }
  parameters.set('uselibpqcompat', 'true');
  const urls = (TLS_ATTEMPTS[mode] ?? [mode]).map((attempt) => {
    parameters.set('sslmode', attempt);
    return written();
  });
  return { urls, schema };
}

/**
 * Looks at the database before it is used.
 * @throws Error with a line that says what to do when the server could not work on it.
 */
export async function locate(databaseUrl: string): Promise<Location> {
  const { urls, schema } = candidates(databaseUrl);
  const { client, url } = await connect(urls);
  try {
    const { rows } = await client.query<Properties>(PROPERTIES);
    const [found] = rows as [Properties];
    return { url, schema: schemaOf(found, schema) };
  } finally {
    await client.end();
  }
}

/** What is known of a database that is away. */
export function presumed(databaseUrl: string): Location {
  const { urls, schema } = candidates(databaseUrl);
  return { url: urls.at(-1) ?? '', schema: schema ?? 'public' };
}

async function connect(urls: readonly string[]): Promise<{ client: pg.Client; url: string }> {
  let failure: unknown;
  for (const url of urls) {
    const client = new pg.Client({ connectionString: url, application_name: 'messenger-backend' });
    // An error of the connection also fails the query that is under way.
    client.on('error', () => undefined);
    try {
      await client.connect();
      return { client, url };
    } catch (error) {
      failure ??= error;
      if (isUnavailable(error)) break;
    }
  }
  throw failure;
}

interface Properties {
  readonly schema: string | null;
  readonly version: number;
  readonly encoding: string;
  readonly isolation: string;
  readonly standby: boolean;
  readonly read_only: boolean;
}

const PROPERTIES = `
  select current_schema() as schema, current_setting('server_version_num')::int / 10000 as version,
    current_setting('server_encoding') as encoding, current_setting('default_transaction_isolation') as isolation,
    pg_is_in_recovery() as standby, current_setting('default_transaction_read_only')::boolean as read_only`;

/** @throws Error for a database on which something would fail later. */
function schemaOf(found: Properties, wanted: string | null): string {
  if (found.version < MIN_VERSION) {
    throw new Error(`DATABASE_URL leads to PostgreSQL ${found.version}: use version ${MIN_VERSION} or newer.`);
  }
  if (found.encoding !== 'UTF8') {
    throw new Error(
      `The database has the encoding ${found.encoding}, in which not every message can be kept: make one with ` +
        'createdb --encoding=UTF8 --template=template0 NAME',
    );
  }
  if (found.standby) {
    throw new Error('DATABASE_URL leads to a standby, which takes no writes: use the URL of the primary.');
  }
  if (found.read_only) {
    throw new Error(
      'default_transaction_read_only is on for this database or role: turn it off with ' +
        'ALTER ROLE NAME SET default_transaction_read_only = off',
    );
  }
  if (found.isolation !== 'read committed') {
    throw new Error(
      `default_transaction_isolation is "${found.isolation}" for this database or role, in which sends would fail: ` +
        `set it with ALTER ROLE NAME SET default_transaction_isolation = 'read committed'`,
    );
  }
  const schema = wanted ?? found.schema;
  if (schema === null) {
    throw new Error('The search_path names no schema that this role may use: add ?schema=NAME to DATABASE_URL.');
  }
  return schema;
}
