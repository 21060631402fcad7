import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { LOOPBACK, freePort, until } from '../processes/network.js';
import { Program } from '../processes/program.js';
import { BrokerService, type BrokerKind } from '../faults/processes/broker-service.js';

const START_TIMEOUT_MS = 30_000;
const MASTERS = 3;

/** The major version of the redis-server that is installed; 0: there is none. */
export const redisVersion = Number(/v=(\d+)/.exec(ask('redis-server', '--version'))?.[1] ?? 0);

/** Whether the program is installed. */
export const isInstalled = { redis: redisVersion > 0, nats: ask('nats-server', '--version') !== '' };

/** A Redis or NATS of the test file's own, which the file may stop and start. */
export function useBrokerService(kind: BrokerKind): { service: BrokerService } {
  const own = {} as { service: BrokerService };
  const folder = useFolder();
  beforeAll(async () => {
    own.service = await BrokerService.start(kind, folder.path);
  });
  afterAll(() => own.service.stop());
  return own;
}

/** A Redis cluster of the test file's own, without replicas. */
export function useRedisCluster(): { urls: string[] } {
  const own: { urls: string[] } = { urls: [] };
  const folder = useFolder();
  const programs: Program[] = [];
  beforeAll(async () => {
    const addresses: string[] = [];
    for (let index = 0; index < MASTERS; index++) {
      const port = await freePort();
      addresses.push(`${LOOPBACK}:${port}`);
      programs.push(await startMaster(folder.path, port));
    }
    const answers = (...question: string[]) =>
      addresses.map((address) => ask('redis-cli', '-u', `redis://${address}`, ...question));
    const all = (what: string, ...question: string[]) =>
      until(() => Promise.resolve(answers(...question).every((text) => text.includes(what))), START_TIMEOUT_MS, what);
    await all('PONG', 'ping');
    ask('redis-cli', '--cluster', 'create', ...addresses, '--cluster-yes');
    await all('cluster_state:ok', 'cluster', 'info');
    own.urls = addresses.map((address) => `redis://${address}`);
  });
  afterAll(() => Promise.all(programs.map((program) => program.end('SIGKILL'))));
  return own;
}

async function startMaster(folder: string, port: number): Promise<Program> {
  const settings = {
    port,
    // By default it is ten thousand above the other, where there may be no port.
    'cluster-port': await freePort(),
    'cluster-enabled': 'yes',
    'cluster-config-file': `nodes-${port}.conf`,
    bind: LOOPBACK,
    save: '',
  };
  return new Program({
    command: 'redis-server',
    args: Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]),
    folder,
    logFile: join(folder, `redis-${port}.log`),
  });
}

function useFolder(): { path: string } {
  const folder = { path: '' };
  beforeAll(async () => {
    folder.path = await mkdtemp(join(tmpdir(), 'messenger-test-broker-'));
  });
  afterAll(() => rm(folder.path, { recursive: true, force: true, maxRetries: 20 }));
  return folder;
}

function ask(command: string, ...args: string[]): string {
  const { error, stdout } = spawnSync(command, args);
  return error ? '' : String(stdout);
}
