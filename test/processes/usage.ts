import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';

// What the kernel knows of processes. Source: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
// Where there is no /proc, CPU and memory are NaN.

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
export function cpuSecondsOf(pid: number | undefined): number {
  return stat(pid ?? 0)?.own ?? NaN;
}

/** CPU seconds that a process has used so far with all that it has started. */
export function cpuSecondsOfChildren(pid: number | undefined): number {
  const main = stat(pid ?? 0);
  if (!main) return NaN;
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(stat)
    .filter((process) => process?.parent === pid);
  return children.reduce((sum, child) => sum + (child?.own ?? 0), main.own + main.children);
}

/** Resident memory of a process, in MiB. */
export function memoryOf(pid: number | undefined): number {
  const text = ignoreErrors(() => readFileSync(`/proc/${pid ?? 0}/status`, 'utf8'));
  return Number(/^VmRSS:\s+(\d+)/m.exec(text ?? '')?.[1] ?? NaN) / 1024;
}

/** The process that has started a process; undefined where that is not one of this machine's of the name. */
export function parentOf(pid: number, command: string): number | undefined {
  const process = stat(pid);
  return process?.command === command ? process.parent : undefined;
}

function ignoreErrors<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
