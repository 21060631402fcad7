import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Environment } from '../../src/config/index.js';
import { freePort, LOOPBACK } from '../../test/processes/network.js';
import { MESSENGER, startNodeServer, TYPESCRIPT } from '../../test/processes/node-server.js';
import type { BenchDatabase } from '../data/database.js';

/** The same for each, so that a token of one is good for all. */
export const SECRET = randomBytes(32).toString('hex');

/** All limits count as in production, at a value that the one address and the few users of the load do not reach. */
const LIMITS = Object.keys(Environment.properties).filter((name) => name.startsWith('RATE_LIMIT_'));

/** A server that is measured. */
export interface RunningServer {
  readonly url: string;
  /** undefined: it is somebody else's. */
  readonly pid?: number | undefined;
  /** Of its metrics, where it has any. */
  readonly metricsUrl?: string;
  stop(): Promise<void>;
}

/**
 * The server as it is in production, with all its defaults but for the limits' values.
 * @param database without a URL it is the server's own embedded one, in the folder.
 * @param redisUrl where nodes meet.
 */
export async function startMessenger(
  database: { readonly url?: string; readonly poolSize: number },
  folder: string,
  redisUrl?: string,
): Promise<RunningServer> {
  const metricsPort = await freePort();
  const server = await start('messenger', [MESSENGER], folder, {
    ...(database.url !== undefined && { DATABASE_URL: database.url }),
    DATABASE_POOL_SIZE: String(database.poolSize),
    DATA_DIR: folder,
    JWT_SECRET: SECRET,
    ...Object.fromEntries(LIMITS.map((name) => [name, '1000000000'])),
    SHUTDOWN_DELAY_MS: '0',
    METRICS_PORT: String(metricsPort),
    ...(redisUrl !== undefined && { CLUSTER_URL: redisUrl, CLUSTER_PREFIX: `bench-${SECRET.slice(0, 12)}:` }),
  });
  return { ...server, metricsUrl: `http://${LOOPBACK}:${metricsPort}/metrics` };
}

const program = (file: string) => [...TYPESCRIPT, join(import.meta.dirname, file)];

export function startBaseline({ url, poolSize }: BenchDatabase, folder: string): Promise<RunningServer> {
  const environment = { DATABASE_URL: url, DATABASE_POOL_SIZE: String(poolSize), TZ: 'UTC' };
  return start('baseline', program('baseline.main.ts'), folder, environment);
}

export function startBroadcast(folder: string): Promise<RunningServer> {
  return start('broadcast', program('broadcast.main.ts'), folder, {});
}

async function start(name: string, args: string[], folder: string, settings: Record<string, string>) {
  const { url, program } = await startNodeServer(name, args, folder, { NODE_ENV: 'production', ...settings });
  return { url, pid: program.pid, stop: () => program.end('SIGTERM') };
}
