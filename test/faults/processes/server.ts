import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isoTime } from '../clock.js';
import type { Span } from '../spans.js';
import { freePort, LOOPBACK, until } from '../../processes/network.js';
import { MESSENGER } from '../../processes/node-server.js';
import { Program } from '../../processes/program.js';

const START_TIMEOUT_MS = 30_000;
/** A supervisor starts it again so soon when it ended by itself. */
const RESTART_MS = 300;

export interface ServerOptions {
  readonly name: string;
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** A file that Node.js loads before the server. */
  readonly preload: string | undefined;
}

/** One node of the server, on a port of its own, started again whenever it has ended. */
export class Server {
  readonly url: string;
  /** Of its metrics. */
  readonly metricsUrl: string;
  /** When it was stopped in its tracks. */
  readonly frozen: Span[] = [];
  /** How often it could not start. */
  failedStarts = 0;
  /** How it ended after it had served, though nobody had killed it. */
  readonly crashes: string[] = [];
  readonly #options: ServerOptions;
  readonly #port: number;
  readonly #metricsPort: number;
  #program!: Program;
  #isServing = false;
  #isFrozen = false;
  #killed = false;
  #restartMs = RESTART_MS;
  readonly #stopping = new AbortController();
  readonly #supervision: Promise<void>;

  private constructor(options: ServerOptions, port: number, metricsPort: number) {
    this.url = `http://${LOOPBACK}:${port}`;
    this.metricsUrl = `http://${LOOPBACK}:${metricsPort}/metrics`;
    this.#options = options;
    this.#port = port;
    this.#metricsPort = metricsPort;
    this.#supervision = this.#supervise();
  }

  static async start(options: ServerOptions): Promise<Server> {
    const server = new Server(options, await freePort(), await freePort());
    await server.untilReady();
    return server;
  }

  /** Whether there is somebody to kill or to freeze. */
  get isServing(): boolean {
    return this.#isServing && !this.#isFrozen;
  }

  async untilReady(): Promise<void> {
    await until(() => this.#isReady(), START_TIMEOUT_MS, `${this.#options.name} serves`);
  }

  kill(restartMs: number): void {
    this.#killed = true;
    this.#isServing = false;
    this.#restartMs = restartMs;
    this.#program.signal('SIGKILL');
  }

  async freeze(ms: number): Promise<void> {
    const from = Date.now();
    this.#isFrozen = true;
    this.#program.signal('SIGSTOP');
    await sleep(ms);
    this.#program.signal('SIGCONT');
    this.#isFrozen = false;
    this.frozen.push({ from, to: Date.now() });
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.kill(0);
    await this.#supervision;
  }

  #start(): Program {
    const { name, folder, environment, preload } = this.#options;
    return new Program({
      command: process.execPath,
      args: [...(preload === undefined ? [] : ['--import', preload]), MESSENGER],
      // Where there is no .env of a developer's.
      folder,
      logFile: join(folder, `${name}.log`),
      environment: {
        ...environment,
        HOST: LOOPBACK,
        PORT: String(this.#port),
        METRICS_PORT: String(this.#metricsPort),
      },
    });
  }

  async #supervise(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      this.#program = this.#start();
      // When it can't start it ends, and this goes on.
      this.untilReady().catch(() => undefined);
      const exit = await this.#program.exited;
      if (!this.#killed && this.#isServing) {
        this.crashes.push(`${this.#options.name} ended by itself with ${exit} at ${isoTime(Date.now())}`);
      } else if (!this.#killed) {
        this.failedStarts++;
      }
      this.#isServing = false;
      this.#killed = false;
      await sleep(this.#restartMs, undefined, { signal }).catch(() => undefined);
      this.#restartMs = RESTART_MS;
    }
  }

  async #isReady(): Promise<boolean> {
    try {
      const response = await fetch(`${this.url}/health/ready`);
      await response.arrayBuffer();
      this.#isServing ||= response.ok;
      return response.ok;
    } catch {
      return false;
    }
  }
}
