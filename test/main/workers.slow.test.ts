import { readFileSync } from 'node:fs';
import { expect, it, describe } from 'vitest';
import { postgresUrl } from '../support/database.js';
import { Program, Server, emptyFolder, environment, registerOn } from '../support/server.js';

const redisUrl = process.env.TEST_REDIS_URL;

function childrenOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return text === '' ? [] : text.split(' ').map(Number);
}

/** The processes that have said that they listen. */
function listenersOf(server: Server): Set<number> {
  const lines = server.stdout.split('\n').filter((line) => line.includes('Server listening at'));
  return new Set(lines.map((line) => (JSON.parse(line) as { pid: number }).pid));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe.skipIf(!postgresUrl || !redisUrl)('WORKERS (needs TEST_DATABASE_URL and TEST_REDIS_URL)', () => {
  it('replaces a worker that is killed, and ends them all when it is asked to', async () => {
    const settings = { ...(await environment()), CLUSTER_URL: redisUrl!, WORKERS: '2', SHUTDOWN_DELAY_MS: '0' };
    const server = await Server.start(settings, await emptyFolder());
    const primary = server.process.pid!;
    // The free port is kept only while a worker listens on it, so the other has to listen before one is killed.
    await expect.poll(() => listenersOf(server).size, { timeout: 20_000 }).toBe(2);
    const { token, id } = await registerOn(server);
    const [killed = 0] = childrenOf(primary);
    process.kill(killed, 'SIGKILL');
    await expect.poll(() => childrenOf(primary).filter((pid) => pid !== killed).length, { timeout: 20_000 }).toBe(2);
    expect((await server.get('/user/me', token)).body.id).toBe(id);

    const workers = childrenOf(primary);
    expect((await server.kill('SIGTERM')).code).toBe(0);
    expect(workers.filter(isAlive)).toEqual([]);
  });
});

it('WORKERS says what several processes need', async () => {
  const server = new Program('src/main.ts', { WORKERS: '2' }, await emptyFolder());
  const { code, stderr } = await server.exited;
  expect(code).toBe(1);
  expect(stderr).toContain('DATABASE_URL is required with WORKERS above 1.');
  expect(stderr).toContain('CLUSTER_URL is required with WORKERS above 1.');
});
