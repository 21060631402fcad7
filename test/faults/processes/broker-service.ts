import { join } from 'node:path';
import { LOOPBACK, freePort, isOpen, until } from '../../processes/network.js';
import { Program } from '../../processes/program.js';

const START_TIMEOUT_MS = 10_000;

const COMMANDS = {
  redis: {
    command: 'redis-server',
    args: (port: number, folder: string) => [
      ...['--port', String(port), '--bind', LOOPBACK, '--save', '', '--appendonly', 'no', '--dir', folder],
    ],
  },
  nats: { command: 'nats-server', args: (port: number) => ['--addr', LOOPBACK, '--port', String(port)] },
};

export type BrokerKind = keyof typeof COMMANDS;
export const BROKER_KINDS = Object.keys(COMMANDS) as BrokerKind[];

/** A Redis or NATS of the run's own, which keeps nothing. */
export class BrokerService {
  readonly url: string;
  #program: Program;

  private constructor(
    readonly kind: BrokerKind,
    readonly folder: string,
    readonly port: number,
  ) {
    this.url = `${kind}://${LOOPBACK}:${port}`;
    this.#program = this.#start();
  }

  static async start(kind: BrokerKind, folder: string): Promise<BrokerService> {
    const service = new BrokerService(kind, folder, await freePort());
    await service.#untilReady();
    return service;
  }

  /** It stops answering, and its connections stay open. */
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
    const { kind, folder, port } = this;
    const { command, args } = COMMANDS[kind];
    return new Program({ command, args: args(port, folder), folder, logFile: join(folder, `${kind}.log`) });
  }

  async #untilReady(): Promise<void> {
    const answers = async () => {
      // Rejects when it could not be started at all.
      if (!this.#program.isRunning) await this.#program.exited;
      return isOpen(this.port);
    };
    await until(answers, START_TIMEOUT_MS, `${this.kind} starts`);
  }
}
