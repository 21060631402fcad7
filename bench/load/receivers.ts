import { setTimeout as sleep } from 'node:timers/promises';
import { Forked } from './forked.js';
import type { Commands } from './receivers.main.js';

export type Reading = ReturnType<Commands['read']>;

const POLL_MS = 20;
const QUIET_MS = 200;
/** What has not come by then does not come. */
const STALL_MS = 5000;

/** Sockets that read. They live in a process of their own. */
export class Receivers extends Forked<Commands> {
  constructor() {
    super('receivers.main.ts');
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
}
