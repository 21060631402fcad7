import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { remains } from './remains.js';

/** With which code it ended, or by which signal. */
export type Exit = number | NodeJS.Signals;

export interface ProgramOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly folder: string;
  /** What it says is added to this file. */
  readonly logFile: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** The user as whom it runs; undefined: the one who runs this. */
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
  /** The signal that ends it for good when this program ends. */
  readonly lastSignal?: NodeJS.Signals;
}

/** A process of the run's own, with nothing in its environment but what it is given. It does not outlive this program. */
export class Program {
  readonly exited: Promise<Exit>;
  readonly #lastSignal: NodeJS.Signals;
  readonly #process: ChildProcess;

  constructor({ command, args, folder, logFile, environment, user, lastSignal = 'SIGKILL' }: ProgramOptions) {
    this.#lastSignal = lastSignal;
    const log = openSync(logFile, 'a');
    this.#process = spawn(command, args, {
      cwd: folder,
      env: { PATH: process.env.PATH, ...environment },
      stdio: ['ignore', log, log],
      // Ctrl-C is for this program alone, which then ends the others in their order.
      detached: true,
      ...user,
    });
    closeSync(log);
    remains.programs.add(this);
    this.exited = new Promise<Exit>((resolve, reject) => {
      this.#process.on('error', reject);
      this.#process.on('exit', (code, signal) => {
        resolve(signal ?? code ?? 0);
      });
    }).finally(() => remains.programs.delete(this));
    // Those who await it get the error.
    this.exited.catch(() => undefined);
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  get isRunning(): boolean {
    return remains.programs.has(this);
  }

  signal(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    this.signal(signal);
    // A process that is stopped takes no signal but SIGKILL before it goes on.
    this.signal('SIGCONT');
    await this.exited;
  }

  endAtOnce(): void {
    this.signal(this.#lastSignal);
    this.signal('SIGCONT');
  }
}
