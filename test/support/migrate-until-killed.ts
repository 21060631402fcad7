// A program for tests: it migrates, and kills itself at its first query that begins with some words.
import pg from 'pg';
import { openDataFolder } from '../../src/database/embedded/data-folder.js';
import { migrate } from '../../src/database/migrations/migrate.js';
import { createLogger } from '../../src/shared/logger.js';

export interface Killing {
  /** undefined: the embedded database in dataDir. */
  readonly url: string | undefined;
  readonly dataDir: string;
  readonly words: string;
  /** How long after the query has been sent; undefined: it is not sent. */
  readonly delayMs: number | undefined;
}

const { url, dataDir, words, delayMs } = JSON.parse(process.argv[2] ?? '') as Killing;
// eslint-disable-next-line @typescript-eslint/unbound-method -- it is called with `this` below
const original = pg.Client.prototype.query as (this: pg.Client, ...query: unknown[]) => Promise<unknown>;
const kill = () => process.kill(process.pid, 'SIGKILL');

pg.Client.prototype.query = function (this: pg.Client, ...query: unknown[]) {
  if (typeof query[0] !== 'string' || !query[0].startsWith(words)) return original.apply(this, query);
  if (delayMs === undefined) kill();
  setTimeout(kill, delayMs);
  // It gets no further than this query, however long the delay is.
  return original.apply(this, query).then(() => new Promise(() => undefined));
} as typeof pg.Client.prototype.query;

await migrate({ url: url ?? (await openDataFolder(dataDir)).url, schema: 'public' }, createLogger('silent'));
