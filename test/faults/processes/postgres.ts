import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chown, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { freePort, LOOPBACK, until } from '../../processes/network.js';
import { Program } from '../../processes/program.js';

const DISTRIBUTION = '/usr/lib/postgresql';
const START_TIMEOUT_MS = 60_000;
/** Refuses to run as root. */
const ORDINARY_USER = 'postgres';

/** As `pg_ctl restart -m` has it: `fast` ends the connections, `immediate` leaves everything as a crash would. */
export type RestartMode = 'fast' | 'immediate';

const SIGNALS = { fast: 'SIGINT', immediate: 'SIGQUIT' } as const;

/** A PostgreSQL of the run's own. */
export class Postgres {
  readonly url: string;
  readonly #start: () => Program;
  #program: Program;

  private constructor(url: string, start: () => Program) {
    this.url = url;
    this.#start = start;
    this.#program = start();
  }

  static async start(folder: string): Promise<Postgres> {
    const programs = await findPrograms();
    const user = process.getuid?.() === 0 ? findUser() : undefined;
    const home = join(folder, 'postgres');
    await mkdir(home);
    if (user) await chown(home, user.uid, user.gid);
    const data = join(home, 'data');
    const initdb = ['-D', data, '--username=postgres', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'];
    execFileSync(join(programs, 'initdb'), initdb, { cwd: home, stdio: ['ignore', 'ignore', 'inherit'], ...user });
    const port = await freePort();
    const settings = {
      port,
      listen_addresses: LOOPBACK,
      unix_socket_directories: home,
      max_connections: 200,
      // What is written survives the end of a process; only the end of the machine, which is no part of this, needs more.
      fsync: 'off',
      // So that it is known how long each change took from its commit.
      track_commit_timestamp: 'on',
    };
    const postgres = new Postgres(`postgresql://postgres@${LOOPBACK}:${port}/postgres`, () => {
      return new Program({
        command: join(programs, 'postgres'),
        args: ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
        folder: home,
        logFile: join(folder, 'postgres.log'),
        user,
        // Its other processes end with it.
        lastSignal: SIGNALS.immediate,
      });
    });
    await postgres.#untilReady();
    return postgres;
  }

  async restart(mode: RestartMode, downMs: number): Promise<void> {
    await this.#program.end(SIGNALS[mode]);
    await sleep(downMs);
    this.#program = this.#start();
    await this.#untilReady();
  }

  async stop(): Promise<void> {
    await this.#program.end(SIGNALS.immediate);
  }

  async #untilReady(): Promise<void> {
    const answers = async () => {
      if (!this.#program.isRunning) throw new Error('PostgreSQL did not start.');
      const client = new pg.Client(this.url);
      client.on('error', () => undefined);
      try {
        await client.connect();
        await client.end();
        return true;
      } catch {
        return false;
      }
    };
    await until(answers, START_TIMEOUT_MS, 'PostgreSQL starts');
  }
}

/** The folder of PostgreSQL's newest programs. */
async function findPrograms(): Promise<string> {
  const versions = existsSync(DISTRIBUTION) ? await readdir(DISTRIBUTION) : [];
  const newest = versions.sort((a, b) => Number(b) - Number(a)).map((version) => join(DISTRIBUTION, version, 'bin'));
  const folders = [...newest, ...(process.env.PATH ?? '').split(':')];
  const folder = folders.find((candidate) => ['initdb', 'postgres'].every((name) => existsSync(join(candidate, name))));
  if (folder === undefined)
    throw new Error('There is no PostgreSQL: initdb is neither in /usr/lib/postgresql nor in PATH.');
  return folder;
}

function findUser(): { uid: number; gid: number } {
  const [uid, gid] = ['-u', '-g'].map((option) => Number(execFileSync('id', [option, ORDINARY_USER])));
  return { uid: uid!, gid: gid! };
}
