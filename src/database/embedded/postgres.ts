import { randomBytes } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import type { TestStart, WorkerCommand, WorkerInput, WorkerOutput } from './worker.js';

export interface EmbeddedPostgres {
  /** A PostgreSQL URL on the loopback interface, with the password that this start made. */
  readonly url: string;
  /** Settles when the database has stopped by itself; never while it runs or after close(). */
  readonly failed: Promise<Error>;
  close(): Promise<void>;
}

interface StartedPostgres extends EmbeddedPostgres {
  /** Its files as they are, for another one to begin with. Nobody may be writing. */
  dump(): Promise<Uint8Array>;
}

/**
 * Starts PostgreSQL inside this process.
 * @param dataDir the folder of its files, made at the first start; undefined keeps everything in memory.
 * @param start for tests: with what, and with which clock, one in memory begins.
 */
export async function startEmbeddedPostgres(
  dataDir: string | undefined,
  start: TestStart = {},
): Promise<StartedPostgres> {
  if (dataDir !== undefined && !existsSync(dataDir)) await initialize(dataDir);

  const password = randomBytes(24).toString('base64url');
  const worker = startWorker({ task: 'serve', dataDir, password, ...start });
  const order = (command: WorkerCommand) => {
    worker.postMessage(command);
  };
  let closing = false;
  const exited = exit(worker);
  const failed = new Promise<Error>((resolve) => {
    void exited.then((error) => {
      if (!closing) resolve(error ?? new Error('The embedded database stopped by itself.'));
    });
  });
  const answer = async (): Promise<WorkerOutput> => {
    const answered = new Promise<WorkerOutput>((resolve) => worker.once('message', resolve));
    const output = await Promise.race([answered, failed]);
    if (output instanceof Error) throw output;
    return output;
  };
  const port = Number(await answer());

  return {
    url: `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`,
    failed,
    async dump() {
      order('dump');
      return (await answer()) as Uint8Array;
    },
    async close() {
      closing = true;
      order('close');
      await exited;
    },
  };
}

/**
 * Makes the files of a new database, all of them or, when it is killed meanwhile, none. In a thread that ends with it:
 * what initdb takes, some 500 MB, would otherwise stay with the process.
 */
async function initialize(dataDir: string): Promise<void> {
  removeDraft(dataDir);
  const draft = draftOf(dataDir);
  const error = await exit(startWorker({ task: 'initialize', dataDir: draft }));
  if (error) {
    removeDraft(dataDir);
    throw error;
  }
  await rename(draft, dataDir);
}

function draftOf(dataDir: string): string {
  return `${dataDir}.new`;
}

/** Removes what a start that did not get to its end has left; a thread may be writing there still. */
export function removeDraft(dataDir: string): void {
  rmSync(draftOf(dataDir), { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
}

/** Settles when the worker has ended, with its error if it has one. */
function exit(worker: Worker): Promise<Error | undefined> {
  return new Promise((resolve) => {
    worker.once('error', resolve);
    worker.once('exit', (code) => {
      resolve(code === 0 ? undefined : new Error(`The embedded database stopped with exit code ${code}.`));
    });
  });
}

function startWorker(workerData: WorkerInput): Worker {
  const fromSource = import.meta.url.endsWith('.ts');
  return new Worker(new URL(fromSource ? './worker.dev.js' : './worker.js', import.meta.url), { workerData });
}
