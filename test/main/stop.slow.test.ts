import { Agent, get } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { PASSWORD, uniqueName } from '../support/client.js';
import { Server, emptyFolder, environment, registerOn } from '../support/server.js';

describe('a stop', () => {
  /** The status of a request on a connection that stays open. */
  const statusOf = (url: string, agent: Agent) =>
    new Promise<number | undefined>((resolve, reject) => {
      get(url, { agent }, (response) => {
        response.resume().on('end', () => {
          resolve(response.statusCode);
        });
      }).on('error', reject);
    });

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'by %s is announced by ready, finishes what runs, and ends with 0',
    async (signal) => {
      const server = await Server.start({ ...(await environment()), SHUTDOWN_DELAY_MS: '600' }, await emptyFolder());
      const { token } = await registerOn(server);
      const { body: chat } = await server.post(
        '/chat/group/create',
        { with_ids: [(await registerOn(server)).id], name: 'x' },
        token,
      );
      const agent = new Agent({ keepAlive: true });
      await statusOf(`${server.url}/health/live`, agent);

      server.process.kill(signal);
      await new Promise((resolve) => setTimeout(resolve, 200));
      expect((await server.get('/health/ready')).status).toBe(503);
      const username = uniqueName();
      const running = [
        server.post(`/chat/${chat.id as number}/message`, { contents: 'still here' }, token),
        server.get('/user/me', token),
        server.post('/register', { username, email: `${username}@example.com`, password: PASSWORD }),
        statusOf(`${server.url}/health/live`, agent).then((status) => ({ status })),
      ];
      for (const { status } of await Promise.all(running)) expect(status).toBe(200);

      // It would be 1 if the server's own deadline had ended it.
      const { code, stdout } = await server.exited;
      expect(code).toBe(0);
      expect(stdout).toContain('"msg":"closed"');
      agent.destroy();
    },
  );

  it('waits for a request whose body comes only after the listening socket has closed', async () => {
    const server = await Server.start({ ...(await environment()), SHUTDOWN_DELAY_MS: '300' }, await emptyFolder());
    const { token } = await registerOn(server);
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    let answer = '';
    socket.on('data', (chunk) => (answer += String(chunk)));
    const body = JSON.stringify({ bio: 'at last' });
    socket.write(
      `PATCH /user/bio HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\n` +
        `Content-Length: ${body.length}\r\n\r\n${body.slice(0, 5)}`,
    );
    await sleep(200);
    server.process.kill('SIGTERM');
    await sleep(1000);
    await expect(server.get('/health/live')).rejects.toThrow();
    socket.write(body.slice(5));
    expect(await server.exited).toMatchObject({ code: 0 });
    expect(answer).toMatch(/^HTTP\/1\.1 200 [\s\S]*\{"success":true\}$/);
  });

  it('ends before its deadline when a client never ends its request', async () => {
    const server = await Server.start({ ...(await environment()), SHUTDOWN_DELAY_MS: '0' }, await emptyFolder());
    const { port } = new URL(server.url);
    const slow = connect(Number(port), '127.0.0.1');
    slow.on('error', () => undefined);
    slow.write('POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{');
    await new Promise((resolve) => setTimeout(resolve, 200));
    // It would be 1 if the server's own deadline had ended it.
    expect(await server.kill('SIGTERM')).toMatchObject({ code: 0 });
    slow.destroy();
  });

  it('by a second signal is forced', async () => {
    const server = await Server.start({ ...(await environment()), SHUTDOWN_DELAY_MS: '8000' }, await emptyFolder());
    server.process.kill('SIGTERM');
    await new Promise((resolve) => setTimeout(resolve, 300));
    const { code, stdout } = await server.kill('SIGTERM');
    expect(code).toBe(1);
    expect(stdout).not.toMatch(/"msg":"closed"|killed by timeout/);
  });
});
