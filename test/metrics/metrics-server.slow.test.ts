import { describe, expect, it } from 'vitest';
import { freePort } from '../processes/network.js';
import { postgresUrl } from '../support/database.js';
import { Program, Server, emptyFolder, environment, registerOn } from '../support/server.js';

const redisUrl = process.env.TEST_REDIS_URL;
const REQUESTS = 'messenger_http_request_duration_seconds_count';

/** @returns the value of a sample. */
function valueOf(text: string, sample: string): number {
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${sample} `));
  return Number(line?.slice(sample.length));
}

async function start(
  settings: Record<string, string>,
): Promise<{ server: Server; url: string; read: () => Promise<string> }> {
  const port = String(await freePort());
  const server = await Server.start({ METRICS_PORT: port, SHUTDOWN_DELAY_MS: '0', ...settings }, await emptyFolder());
  const url = `http://127.0.0.1:${port}`;
  return { server, url, read: async () => (await fetch(`${url}/metrics`)).text() };
}

describe('METRICS_PORT', () => {
  it('publishes what the process measures, and nothing else, until it stops', async () => {
    const { server, url, read } = await start(await environment());
    const { token } = await registerOn(server);
    const me = `${REQUESTS}{method="GET",route="/user/me",status="200"}`;
    const before = valueOf(await read(), me);
    for (let n = 0; n < 3; n++) await server.get('/user/me', token);
    const text = await read();
    expect(valueOf(text, me)).toBe(before + 3);
    expect(valueOf(text, 'messenger_cluster_connected')).toBe(1);
    expect(valueOf(text, 'nodejs_eventloop_lag_p99_seconds')).toBeGreaterThan(0);
    expect((await fetch(`${url}/metrics`)).headers.get('content-type')).toContain('text/plain');
    for (const path of ['/', '/user/me', '/health/live']) expect((await fetch(url + path)).status).toBe(404);
    expect((await fetch(`${url}/metrics`, { method: 'POST' })).status).toBe(404);
    expect((await server.get('/metrics')).status).toBe(404);
    await server.kill('SIGTERM');
    await expect(fetch(`${url}/metrics`)).rejects.toThrow();
  });

  it('that is taken ends the start with a line that names it', async () => {
    const { server } = await start(await environment());
    const METRICS_PORT = new URL(server.url).port;
    const program = new Program(
      'src/main.ts',
      { ...(await environment()), PORT: '0', METRICS_PORT },
      await emptyFolder(),
    );
    const { code, stderr } = await program.exited;
    expect(code).toBe(1);
    expect(stderr).toMatch(
      new RegExp(`^METRICS_PORT ${METRICS_PORT} and METRICS_HOST 127\\.0\\.0\\.1 can't be used: .*EADDRINUSE`),
    );
  });

  it.skipIf(!postgresUrl || !redisUrl)(
    'adds up what the workers measure (needs TEST_DATABASE_URL and TEST_REDIS_URL)',
    async () => {
      const { server, read } = await start({ ...(await environment()), CLUSTER_URL: redisUrl!, WORKERS: '2' });
      const { token } = await registerOn(server);
      const me = `${REQUESTS}{method="GET",route="/user/me",status="200"}`;
      const before = valueOf(await read(), me);
      // Each connection goes to one worker or the other.
      for (let n = 0; n < 20; n++)
        await fetch(`${server.url}/user/me`, { headers: { authorization: `Bearer ${token}`, connection: 'close' } });
      await expect.poll(async () => valueOf(await read(), me)).toBe(before + 20);
      await expect.poll(async () => valueOf(await read(), 'messenger_cluster_connected')).toBe(2);
      await server.kill('SIGTERM');
    },
  );
});
