import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { TYPESCRIPT } from '../servers/process.js';

/** What the process of the sockets is told. */
export type Command =
  | { readonly kind: 'open'; readonly url: string; readonly tokens: readonly string[] }
  /** @property timed whether the contents say when they were sent, see clock.ts. */
  | { readonly kind: 'begin'; readonly timed: boolean }
  | { readonly kind: 'read' }
  | { readonly kind: 'pause' | 'resume' }
  | { readonly kind: 'close' };

/** What came since the beginning; times in ms. */
export interface Reading {
  readonly frames: number;
  /** When the last one came, in ms since 1970. */
  readonly lastAt: number;
  /** The first of the frames. */
  readonly sample: string;
  /** How many sockets are closed. */
  readonly closed: number;
  /** From sending to receiving. */
  readonly p50: number;
  readonly p99: number;
}

const POLL_MS = 20;
const QUIET_MS = 200;
/** What has not come by then does not come. */
const STALL_MS = 5000;

/** Sockets that read. They live in a process of their own. */
export class Receivers {
  readonly #child: ChildProcess;
  #last: Promise<unknown> = Promise.resolve();

  constructor() {
    this.#child = fork(join(import.meta.dirname, 'receivers.main.ts'), { execArgv: [...TYPESCRIPT] });
  }

  /** Settles when all of them are ready. */
  async open(url: string, tokens: readonly string[]): Promise<void> {
    await this.#ask({ kind: 'open', url, tokens });
  }

  /** Counts anew. */
  async begin({ timed = false } = {}): Promise<void> {
    await this.#ask({ kind: 'begin', timed });
  }

  async read(): Promise<Reading> {
    return (await this.#ask({ kind: 'read' })) as Reading;
  }

  /** What has come when so many frames have, or no more do. */
  async readUntil(frames: number): Promise<Reading> {
    let [count, changed] = [0, performance.now()];
    for (;;) {
      const reading = await this.read();
      if (reading.frames > count) [count, changed] = [reading.frames, performance.now()];
      if (count >= frames || performance.now() - changed > STALL_MS) return reading;
      await sleep(POLL_MS);
    }
  }

  /** Settles when nothing comes any more. */
  async untilQuiet(): Promise<void> {
    let before = -1;
    for (let { frames } = await this.read(); frames !== before; { frames } = await this.read()) {
      before = frames;
      await sleep(QUIET_MS);
    }
  }

  /** They take no more from the network, until resume. */
  async pause(): Promise<void> {
    await this.#ask({ kind: 'pause' });
  }

  async resume(): Promise<void> {
    await this.#ask({ kind: 'resume' });
  }

  /** Whether so many sockets are closed, or will be soon: one that did not read notices when it has caught up. */
  async areClosed(count: number): Promise<boolean> {
    const deadline = performance.now() + STALL_MS;
    while (performance.now() < deadline) {
      if ((await this.read()).closed >= count) return true;
      await sleep(POLL_MS);
    }
    return false;
  }

  async closeAll(): Promise<void> {
    await this.#ask({ kind: 'close' });
  }

  end(): void {
    this.#child.kill('SIGKILL');
  }

  /** One after the other: an answer belongs to the command before it. */
  #ask(command: Command): Promise<unknown> {
    const asked = this.#last.then(async () => {
      this.#child.send(command);
      const [{ answer, error }] = (await once(this.#child, 'message')) as [{ answer?: unknown; error?: string }];
      if (error !== undefined) throw new Error(error);
      return answer;
    });
    this.#last = asked.catch(() => undefined);
    return asked;
  }
}
