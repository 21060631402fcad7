import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

/** The arguments with which Node.js takes TypeScript. */
export const TYPESCRIPT = ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href] as const;

/** A server that is measured. */
export interface RunningServer {
  readonly url: string;
  /** undefined: it is somebody else's. */
  readonly pid: number | undefined;
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 30_000;
const POLL_MS = 50;

const children = new Set<ChildProcess>();
process.on('exit', stopServers);

/** Ends those that are still running, at once. */
export function stopServers(): void {
  for (const child of children) child.kill('SIGKILL');
}

/**
 * Starts a program of Node.js that listens on PORT, with nothing in its environment but what is given. What it says goes
 * to a file, as an operator's log does.
 */
export async function startServer(
  name: string,
  args: readonly string[],
  environment: Record<string, string>,
  folder: string,
): Promise<RunningServer> {
  const port = await freePort();
  const logFile = join(folder, `${name}-${port}.log`);
  const log = await open(logFile, 'a');
  const child = spawn(process.execPath, args, {
    // Where there is no .env of a developer's.
    cwd: folder,
    env: { PATH: process.env.PATH, PORT: String(port), ...environment },
    stdio: ['ignore', log.fd, log.fd],
  });
  await log.close();
  children.add(child);
  const exited = once(child, 'exit').then(() => children.delete(child));
  const url = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!(await answers(`${url}/health/ready`))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      throw new Error(`${name} did not start. It said:\n${await readFile(logFile, 'utf8')}`);
    }
    await sleep(POLL_MS);
  }
  return {
    url,
    pid: child.pid,
    async stop() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

async function answers(url: string): Promise<boolean> {
  const response = await fetch(url).catch(() => undefined);
  await response?.arrayBuffer();
  return response?.ok ?? false;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
