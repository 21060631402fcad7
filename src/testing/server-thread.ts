import { Worker } from 'node:worker_threads';
import type { NumberedOrder, Order, Report, SentMail, ThreadInput } from './thread/messages.js';

interface Question {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** The server could not start. */
export class StartError extends Error {
  override readonly name = 'StartError';

  constructor(
    message: string,
    /** What did not: the database that it begins with, or the server itself. */
    readonly of: 'database' | 'server',
  ) {
    super(message);
  }
}

/** A thread with a server, its database and its clock. It keeps no process alive but while something is asked of it. */
export class ServerThread {
  readonly #worker: Worker;
  readonly #questions = new Map<number, Question>();
  readonly #onMail: (mail: SentMail) => void;
  readonly #ended: Promise<void>;
  #lastId = 0;
  #hasEnded = false;
  #listening: Question | undefined;

  private constructor(input: ThreadInput, onMail: (mail: SentMail) => void) {
    this.#onMail = onMail;
    this.#worker = startThread(input);
    this.#worker.on('message', (report: Report) => {
      this.#hear(report);
    });
    this.#ended = endOf(this.#worker).then((error) => {
      this.#hasEnded = true;
      const reason = error ?? new Error('The messenger has been stopped.');
      for (const { reject } of [...this.#questions.values()]) reject(reason);
      this.#listening?.reject(new StartError(reason.message, 'server'));
    });
  }

  /** @throws StartError */
  static async start(
    input: ThreadInput & { task: 'serve' },
    onMail: (mail: SentMail) => void,
  ): Promise<{ readonly thread: ServerThread; readonly port: number }> {
    const thread = new ServerThread(input, onMail);
    try {
      const port = await new Promise<unknown>((resolve, reject) => (thread.#listening = { resolve, reject }));
      thread.#worker.unref();
      return { thread, port: port as number };
    } catch (error) {
      await thread.#worker.terminate();
      throw error;
    }
  }

  /** @throws Error with the words of the thread; when it has ended, that it has. */
  async ask(order: Order): Promise<unknown> {
    if (this.#hasEnded) throw new Error('The messenger has been stopped.');
    const id = ++this.#lastId;
    this.#worker.ref();
    try {
      return await new Promise<unknown>((resolve, reject) => {
        this.#questions.set(id, { resolve, reject });
        this.#worker.postMessage({ id, order } satisfies NumberedOrder);
      });
    } finally {
      this.#questions.delete(id);
      if (this.#questions.size === 0) this.#worker.unref();
    }
  }

  /** Closes the server and its database, and ends the thread. */
  async stop(): Promise<void> {
    if (this.#hasEnded) return;
    await this.ask({ want: 'stop' });
    this.#worker.ref();
    await this.#ended;
  }

  #hear(report: Report): void {
    switch (report.told) {
      case 'listening':
        this.#listening?.resolve(report.port);
        break;
      case 'failure':
        this.#listening?.reject(new StartError(report.message, report.of));
        break;
      case 'mail':
        this.#onMail(report.mail);
        break;
      case 'answer':
        this.#questions.get(report.id)?.resolve(report.answer);
        break;
      case 'refusal':
        this.#questions.get(report.id)?.reject(new Error(report.message));
        break;
    }
  }
}

/** Starts a thread that does its task and ends. @throws what went wrong in it. */
export async function runThread(input: ThreadInput): Promise<void> {
  const error = await endOf(startThread(input));
  if (error) throw error;
}

function startThread(workerData: ThreadInput): Worker {
  const file = import.meta.url.endsWith('.ts') ? './thread/thread.dev.js' : './thread/thread.js';
  return new Worker(new URL(file, import.meta.url), { workerData });
}

/** Settles when the thread has ended, with its error if it has one. */
function endOf(worker: Worker): Promise<Error | undefined> {
  return new Promise((resolve) => {
    worker.once('error', resolve);
    worker.once('exit', (code) => {
      resolve(code === 0 ? undefined : new Error(`The thread of the messenger ended with exit code ${code}.`));
    });
  });
}
