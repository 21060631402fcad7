import type { Logger } from './logger.js';

interface RepetitionOptions {
  readonly pauseMs: number;
  readonly log: Logger;
  /** The line of the log when the work fails: once, until it has succeeded again. */
  readonly failure: string;
}

/** Work that is done again and again, with a pause after each time. */
export class Repetition {
  readonly #work: () => Promise<void>;
  readonly #options: RepetitionOptions;
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> | undefined;
  #stopped = false;
  #failing = false;

  constructor(work: () => Promise<void>, options: RepetitionOptions) {
    this.#work = work;
    this.#options = options;
  }

  /** Work that takes several steps looks at this before each. */
  get isStopped(): boolean {
    return this.#stopped;
  }

  /** Begins with a pause. */
  start(): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.startNow();
    }, this.#options.pauseMs).unref();
  }

  /** Begins with the work. */
  startNow(): void {
    this.#round = this.#try().then(() => {
      this.start();
    });
  }

  /** Settles when the work that is under way has ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#round;
  }

  async #try(): Promise<void> {
    try {
      await this.#work();
      this.#failing = false;
    } catch (error) {
      if (!this.#failing) this.#options.log.warn({ err: error }, this.#options.failure);
      this.#failing = true;
    }
  }
}
