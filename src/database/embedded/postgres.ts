import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import type { WorkerInput, WorkerOutput } from './worker.js';

export interface EmbeddedPostgres {
  /** A PostgreSQL URL on the loopback interface, with the password that this start made. */
  readonly url: string;
  /** Settles when the database has stopped by itself; never while it runs or after close(). */
  readonly failed: Promise<Error>;
  close(): Promise<void>;
}

/**
 * Starts PostgreSQL inside this process.
 * @param dataDir the folder of its files, made at the first start; undefined keeps everything in memory.
 */
export async function startEmbeddedPostgres(dataDir: string | undefined): Promise<EmbeddedPostgres> {
  if (dataDir !== undefined && !existsSync(dataDir)) await initialize(dataDir);

  const password = randomBytes(24).toString('base64url');
  const worker = startWorker({ task: 'serve', dataDir, password });
  let closing = false;
  const exited = exit(worker);
  const failed = new Promise<Error>((resolve) => {
    void exited.then((error) => {
      if (!closing) resolve(error);
    });
  });
  const listening = new Promise<WorkerOutput>((resolve) => worker.once('message', resolve));
  const port = await Promise.race([listening, failed]);
  if (port instanceof Error) throw port;

  return {
    url: `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`,
    failed,
    async close() {
      closing = true;
      worker.postMessage('close');
      await exited;
    },
  };
}

/**
 * Makes the files of a new database, all of them or, when it is killed meanwhile, none. In a thread that ends with it:
 * what initdb takes, some 500 MB, would otherwise stay with the process.
 */
async function initialize(dataDir: string): Promise<void> {
  const draft = `${dataDir}.new`;
  await rm(draft, { recursive: true, force: true });
  await exit(startWorker({ task: 'initialize', dataDir: draft }));
  await rename(draft, dataDir);
}

/** Settles with why the worker has ended; an end without an error is one too. */
function exit(worker: Worker): Promise<Error> {
  return new Promise((resolve) => {
    worker.once('error', resolve);
    worker.once('exit', (code) => {
      resolve(new Error(`The embedded database stopped with exit code ${code}.`));
    });
  });
}

/** Run from its sources (tests, `npm run dev`) the worker is TypeScript and needs the loader that those use. */
function startWorker(workerData: WorkerInput): Worker {
  if (import.meta.url.endsWith('.js')) return new Worker(new URL('./worker.js', import.meta.url), { workerData });
  const source = JSON.stringify(new URL('./worker.ts', import.meta.url).href);
  const program = `import('tsx/esm/api').then((tsx) => { tsx.register(); return import(${source}); });`;
  return new Worker(program, { eval: true, workerData });
}
