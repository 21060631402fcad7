import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { freePort, LOOPBACK, until } from './network.js';
import { Program } from './program.js';

/** The arguments with which Node.js takes TypeScript. */
export const TYPESCRIPT = ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href];

/** The server as `npm run build` leaves it. */
export const MESSENGER = join(import.meta.dirname, '../../dist/main.js');

const START_TIMEOUT_MS = 60_000;

export interface NodeServer {
  readonly url: string;
  readonly program: Program;
}

/** Starts a server on a free port, and waits until it is ready. What it says goes to a file, as an operator's log does. */
export async function startNodeServer(
  name: string,
  args: readonly string[],
  folder: string,
  environment: Readonly<Record<string, string>>,
): Promise<NodeServer> {
  const port = await freePort();
  const url = `http://${LOOPBACK}:${port}`;
  const logFile = join(folder, `${name}-${port}.log`);
  const program = new Program({
    command: process.execPath,
    args,
    folder,
    logFile,
    environment: { HOST: LOOPBACK, PORT: String(port), ...environment },
  });
  const isReady = async () => {
    if (!program.isRunning) throw new Error(`${name} has ended. It said:\n${readFileSync(logFile, 'utf8')}`);
    const response = await fetch(`${url}/health/ready`).catch(() => undefined);
    await response?.arrayBuffer();
    return response?.ok ?? false;
  };
  try {
    await until(isReady, START_TIMEOUT_MS, `${name} is ready`);
  } catch (error) {
    await program.end('SIGKILL');
    throw error;
  }
  return { url, program };
}
