// Runs the embedded PostgreSQL in a thread of its own, so that a query never holds up the server's event loop.
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import { Gateway } from './gateway.js';

export type WorkerInput =
  /** Makes the files of a new database and ends. */
  | { readonly task: 'initialize'; readonly dataDir: string }
  /** Serves the database in the folder, or one in memory, until it gets a message. */
  | { readonly task: 'serve'; readonly dataDir: string | undefined; readonly password: string };

/** The loopback port at which the database can be reached. */
export type WorkerOutput = number;

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
else await serve(input.dataDir, input.password);

async function initialize(dataDir: string): Promise<void> {
  const postgres = await PGlite.create(dataDir);
  await postgres.close();
  process.exit(0);
}

async function serve(dataDir: string | undefined, password: string): Promise<void> {
  const postgres = await PGlite.create({
    dataDir: dataDir ?? 'memory://',
    extensions: EXTENSIONS,
    startParams: [...PGlite.defaultStartParams, ...SETTINGS.flatMap((setting) => ['-c', setting])],
  });
  const gateway = new Gateway(postgres, password, IDLE_TRANSACTION_TIMEOUT_MS);
  const port: WorkerOutput = await gateway.listen();
  parentPort?.once('message', () => {
    void gateway
      .close()
      .then(() => postgres.close())
      .then(() => process.exit(0));
  });
  parentPort?.postMessage(port);
}
