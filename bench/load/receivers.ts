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
  /** @property messages how many each socket is due. */
  | { readonly kind: 'read'; readonly messages: number }
  | { readonly kind: 'pause' | 'resume' }
  | { readonly kind: 'close' };

/** What came since the beginning; times in ms. */
export interface Reading {
  readonly frames: number;
  /** Frames that sockets were due and have not got. */
  readonly missing: number;
  /** Frames that sockets have got and were not due; counted socket by socket, so that they make up for none. */
  readonly surplus: number;
  /** When the last one came, see clock.ts. */
  readonly lastAt: number;
  /** The first of the frames. */
  readonly sample: string;
  /** Of those sockets that are closed. */
  readonly closeCodes: readonly number[];
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

  /** What has come when each socket has got so many frames, or no more do. */
  async readUntil(messages: number): Promise<Reading> {
    let [count, changed] = [0, performance.now()];
    for (;;) {
      const reading = await this.#read(messages);
      if (reading.frames > count) [count, changed] = [reading.frames, performance.now()];
      if (reading.missing === 0 || performance.now() - changed > STALL_MS) break;
      await sleep(POLL_MS);
    }
    // Once more, for what nobody waits for: surplus frames.
    await sleep(QUIET_MS);
    return this.#read(messages);
  }

  /** Settles when nothing comes any more. */
  async untilQuiet(): Promise<void> {
    let before = -1;
    for (let { frames } = await this.#read(); frames !== before; { frames } = await this.#read()) {
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

  /** Why sockets were closed when so many are, or no more will be: one that did not read notices when it has caught up. */
  async closeCodes(count: number): Promise<readonly number[]> {
    const deadline = performance.now() + STALL_MS;
    for (;;) {
      const { closeCodes } = await this.#read();
      if (closeCodes.length >= count || performance.now() > deadline) return closeCodes;
      await sleep(POLL_MS);
    }
  }

  async closeAll(): Promise<void> {
    await this.#ask({ kind: 'close' });
  }

  end(): void {
    this.#child.kill('SIGKILL');
  }

  async #read(messages = 0): Promise<Reading> {
    return (await this.#ask({ kind: 'read', messages })) as Reading;
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
