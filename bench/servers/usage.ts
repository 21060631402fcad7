import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { withClient } from '../data/database.js';

// What the kernel knows of processes. Source: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
// Where there is no /proc, nothing is said of CPU and memory.

const TICKS_PER_SECOND = Number(ignoreErrors(() => execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' })) ?? 100);

interface Stat {
  readonly parent: number;
  readonly command: string;
  /** CPU seconds of the process itself. */
  readonly own: number;
  /** CPU seconds of its children that have ended. */
  readonly children: number;
}

function stat(pid: number | string): Stat | undefined {
  const text = ignoreErrors(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  if (text === undefined) return undefined;
  const command = text.slice(text.indexOf('(') + 1, text.lastIndexOf(')'));
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const seconds = (first: number) => ((fields[first] ?? 0) + (fields[first + 1] ?? 0)) / TICKS_PER_SECOND;
  return { parent: fields[1] ?? 0, command, own: seconds(11), children: seconds(13) };
}

/** CPU seconds that a process has used so far. */
export function cpuSecondsOf(pid: number | undefined): number | undefined {
  return pid === undefined ? undefined : stat(pid)?.own;
}

/** Resident memory of a process, in MiB. */
export function memoryOf(pid: number | undefined): number | undefined {
  const text = ignoreErrors(() => readFileSync(`/proc/${pid ?? 0}/status`, 'utf8'));
  const kib = /^VmRSS:\s+(\d+)/m.exec(text ?? '')?.[1];
  return kib === undefined ? undefined : Number(kib) / 1024;
}

/** The main process of the PostgreSQL at the URL; undefined when it is not one of this machine's. */
export function findPostmaster(url: string): Promise<number | undefined> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    const backend = stat(rows[0]?.pid ?? 0);
    return backend?.command === 'postgres' ? backend.parent : undefined;
  });
}

/** CPU seconds that a PostgreSQL has used so far with all its processes. */
export function cpuSecondsOfPostgres(postmaster: number | undefined): number | undefined {
  const main = postmaster === undefined ? undefined : stat(postmaster);
  if (!main) return undefined;
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(stat)
    .filter((process) => process?.parent === postmaster);
  return children.reduce((sum, child) => sum + (child?.own ?? 0), main.own + main.children);
}

function ignoreErrors<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
