import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { TYPESCRIPT } from '../../test/processes/node-server.js';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- whatever they are given has gone from process to process
type Commands = Readonly<Record<string, (...args: any[]) => unknown>>;

/** A process of its own, so that nothing in it waits for the load, and the load for nothing in it. */
export class Forked<Served extends Commands> {
  readonly #child;

  /** @param file in this folder; it serves the commands. */
  constructor(file: string) {
    this.#child = fork(join(import.meta.dirname, file), { execArgv: TYPESCRIPT });
  }

  /** Runs a command there; one at a time. */
  async run<Name extends keyof Served>(
    name: Name,
    ...args: Parameters<Served[Name]>
  ): Promise<Awaited<ReturnType<Served[Name]>>> {
    this.#child.send([name, args]);
    const [{ answer, error }] = (await once(this.#child, 'message')) as [{ answer?: never; error?: string }];
    if (error !== undefined) throw new Error(error);
    return answer!;
  }

  end(): void {
    this.#child.kill('SIGKILL');
  }
}

/** In the process: carries out commands until the one that began it is gone. */
export function serve(commands: Commands): void {
  process.on('message', ([name, args]: [string, unknown[]]) => {
    Promise.resolve(commands[name]?.(...args)).then(
      (answer) => process.send?.({ answer }),
      (error: unknown) => process.send?.({ error: (error as Error).message }),
    );
  });
  process.once('disconnect', () => process.exit(0));
}
