import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { TYPESCRIPT } from '../../test/processes/node-server.js';
import type { Commands } from './receivers.main.js';

export type Reading = ReturnType<Commands['read']>;

const POLL_MS = 20;
const QUIET_MS = 200;
/** What has not come by then does not come. */
const STALL_MS = 5000;

/** Sockets that read. They live in a process of their own. */
export class Receivers {
  readonly #child = fork(join(import.meta.dirname, 'receivers.main.ts'), { execArgv: TYPESCRIPT });

  /** Runs a command there; one at a time. */
  async run<Name extends keyof Commands>(
    name: Name,
    ...args: Parameters<Commands[Name]>
  ): Promise<Awaited<ReturnType<Commands[Name]>>> {
    this.#child.send([name, args]);
    const [{ answer, error }] = (await once(this.#child, 'message')) as [{ answer?: never; error?: string }];
    if (error !== undefined) throw new Error(error);
    return answer!;
  }

  /** What has come when each socket has got so many frames, or no more do. */
  async readUntil(due: number): Promise<Reading> {
    let [count, changed] = [0, performance.now()];
    for (;;) {
      const { frames, missing } = await this.run('read', due);
      if (frames > count) [count, changed] = [frames, performance.now()];
      if (missing === 0 || performance.now() - changed > STALL_MS) break;
      await sleep(POLL_MS);
    }
    // Once more, for what nobody waits for: surplus frames.
    await sleep(QUIET_MS);
    return this.run('read', due);
  }

  /** Settles when nothing comes any more. */
  async untilQuiet(): Promise<void> {
    let before = -1;
    for (let { frames } = await this.run('read', 0); frames !== before; { frames } = await this.run('read', 0)) {
      before = frames;
      await sleep(QUIET_MS);
    }
  }

  end(): void {
    this.#child.kill('SIGKILL');
  }
}
