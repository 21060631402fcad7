import { join } from 'node:path';
import { LOOPBACK, freePort, isOpen, until } from './network.js';
import { Program } from './program.js';

const START_TIMEOUT_MS = 10_000;

/** A Redis of the run's own, which keeps nothing. */
export class Redis {
  readonly url: string;
  readonly #folder: string;
  readonly #port: number;
  #program: Program;

  private constructor(folder: string, port: number) {
    this.url = `redis://${LOOPBACK}:${port}`;
    this.#folder = folder;
    this.#port = port;
    this.#program = this.#start();
  }

  static async start(folder: string): Promise<Redis> {
    const redis = new Redis(folder, await freePort());
    await redis.#untilReady();
    return redis;
  }

  /** It answers nobody any more, and nobody is told. */
  freeze(): void {
    this.#program.signal('SIGSTOP');
  }

  unfreeze(): void {
    this.#program.signal('SIGCONT');
  }

  async shutDown(): Promise<void> {
    await this.#program.end('SIGTERM');
  }

  async startAgain(): Promise<void> {
    this.#program = this.#start();
    await this.#untilReady();
  }

  async stop(): Promise<void> {
    await this.#program.end('SIGKILL');
  }

  #start(): Program {
    const settings = { port: this.#port, bind: LOOPBACK, save: '', appendonly: 'no', dir: this.#folder };
    return new Program({
      command: 'redis-server',
      args: Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]),
      folder: this.#folder,
      logFile: join(this.#folder, 'redis.log'),
    });
  }

  async #untilReady(): Promise<void> {
    const answers = async () => {
      // Rejects when it could not be started at all.
      if (!this.#program.isRunning) await this.#program.exited;
      return isOpen(this.#port);
    };
    await until(answers, START_TIMEOUT_MS, 'Redis starts');
  }
}
