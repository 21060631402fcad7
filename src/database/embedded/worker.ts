// Runs the embedded PostgreSQL in a thread of its own, so that a query never holds up the server's event loop.
import { readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { gunzipSync } from 'node:zlib';
import { PGlite } from '@electric-sql/pglite';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import { moveDate, type ClockOffset } from '../../shared/moved-date.js';
import { Gateway } from './gateway.js';

/** What a database of a test begins with. */
export interface TestStart {
  /** The file with what `dump` has returned, compressed by gzip; undefined: the database is new. */
  readonly template?: string | undefined;
  /** By how much the clock of SQL is wrong. */
  readonly clock?: ClockOffset | undefined;
}

export type WorkerInput =
  /** Makes the files of a new database and ends. */
  | { readonly task: 'initialize'; readonly dataDir: string }
  /** Serves the database in the folder, or one in memory, until it is told to close. */
  | ({ readonly task: 'serve'; readonly dataDir: string | undefined; readonly password: string } & TestStart);

export type WorkerCommand = 'close' | 'dump';

/** First the loopback port at which the database can be reached; then its files, as often as it is told to dump them. */
export type WorkerOutput = number | Uint8Array;

/** A transaction that a tool leaves open blocks the server for at most this long. */
const IDLE_TRANSACTION_TIMEOUT_MS = 4000;

const SETTINGS = [
  // PostgreSQL's default of 128 MiB is for a machine of its own; the operating system caches the files as well.
  'shared_buffers=16MB',
  // ANALYZE reads 300 rows for each of these, and all requests wait for it.
  'default_statistics_target=20',
];

/** A folder whose database has one of them can't be opened without it. */
const EXTENSIONS = { pg_trgm };

const input = workerData as WorkerInput;
if (input.task === 'initialize') await initialize(input.dataDir);
else await serve(input);

async function initialize(dataDir: string): Promise<void> {
  const postgres = await PGlite.create(dataDir);
  await postgres.close();
  process.exit(0);
}

async function serve({ dataDir, password, template, clock }: WorkerInput & { task: 'serve' }): Promise<void> {
  if (clock) moveDate(clock);
  const postgres = await PGlite.create({
    dataDir: dataDir ?? 'memory://',
    extensions: EXTENSIONS,
    startParams: [...PGlite.defaultStartParams, ...SETTINGS.flatMap((setting) => ['-c', setting])],
    ...(template !== undefined && { loadDataDir: new Blob([gunzipSync(readFileSync(template))]) }),
  });
  const gateway = new Gateway(postgres, password, IDLE_TRANSACTION_TIMEOUT_MS);
  const answer = (output: WorkerOutput) => {
    parentPort?.postMessage(output);
  };
  parentPort?.on('message', (command: WorkerCommand) => {
    if (command === 'dump') void dump(postgres).then(answer);
    else
      void gateway
        .close()
        .then(() => postgres.close())
        .then(() => process.exit(0));
  });
  answer(await gateway.listen());
}

async function dump(postgres: PGlite): Promise<Uint8Array> {
  return new Uint8Array(await (await postgres.dumpDataDir('none')).arrayBuffer());
}
