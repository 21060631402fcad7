import { connect, type AddressInfo } from 'node:net';
import Fastify from 'fastify';
import fp from 'fastify-plugin';
import { expect, it } from 'vitest';
import { loadShedding } from '../../src/plugins/load-shedding.js';
import { useApp } from '../support/app.js';
import { PASSWORD, call, expectError, register } from '../support/client.js';

const test = useApp({ maxConcurrentRequests: 2 });

/** Makes everybody who reads users wait, until what it answers is called. */
async function holdUsers(): Promise<() => Promise<void>> {
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  let holder: Promise<void> = Promise.resolve();
  await new Promise<void>((held) => {
    holder = test.db.$transaction(async (tx) => {
      await tx.$executeRaw`lock table "user" in access exclusive mode`;
      held();
      await released;
    });
  });
  return async () => {
    release();
    await holder;
  };
}

it('refuses what is too much at once, and nothing afterwards', async () => {
  const ada = await register(test);
  const release = await holdUsers();
  const waiting = [ada.get('/user/me'), ada.get('/user/chats')];
  await new Promise((resolve) => setTimeout(resolve, 50));
  const refused = await ada.get('/user/me');
  expectError(refused, 503, 'SERVICE_UNAVAILABLE');
  expect(refused.headers['retry-after']).toBe('1');
  expect((await call(test, 'GET', '/health/live')).status).toBe(200);

  await release();
  for (const answer of await Promise.all(waiting)) expect(answer.status).toBe(200);
  for (let count = 0; count < 5; count++) expect((await ada.get('/user/me')).status).toBe(200);
});

it('counts requests of clients that have gone only as long as their work goes on', async () => {
  const ada = await register(test);
  await test.app.listen({ port: 0 });
  const { port } = test.app.server.address() as AddressInfo;
  const release = await holdUsers();
  const sockets = [connect(port, '127.0.0.1'), connect(port, '127.0.0.1')];
  for (const socket of sockets) {
    socket.write(`GET /user/me HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${ada.token}\r\n\r\n`);
  }
  await new Promise((resolve) => setTimeout(resolve, 300));
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expectError(await ada.get('/user/me'), 503, 'SERVICE_UNAVAILABLE');
  await release();
  await expect
    .poll(async () => {
      const answers = await Promise.all([ada.get('/user/me'), ada.get('/user/me')]);
      return answers.map(({ status }) => status);
    })
    .toEqual([200, 200]);
});

it('counts what was refused by a schema or a token only as long as it took', async () => {
  const ada = await register(test);
  for (let count = 0; count < 5; count++) {
    expect((await ada.post('/chat/1/message', {})).status).toBe(422);
    expect((await call(test, 'GET', '/user/me')).status).toBe(401);
  }
  expect((await ada.get('/user/me')).status).toBe(200);
});

it('leaves logging in to the queue of passwords', async () => {
  const people = await Promise.all(Array.from({ length: 4 }, () => register(test)));
  const logins = people.map(({ username }) => {
    return call(test, 'POST', '/login', { body: { usernameOrEmail: username, password: PASSWORD } });
  });
  for (const { status } of await Promise.all(logins)) expect(status).toBe(200);
});

it('leaves the place of a request to others while it waits for work that is done for many at once', async () => {
  const app = Fastify();
  await app.register(
    fp(
      (_app, _options, done) => {
        done();
      },
      { name: 'authentication' },
    ),
  );
  await app.register(loadShedding, { maxConcurrent: 1 });
  let end: (value: string) => void = () => undefined;
  const done = new Promise<string>((resolve) => (end = resolve));
  app.get('/works', () => done);
  app.get('/waits', (request) => {
    request.leaveWork();
    return done;
  });
  const ask = async (path: string) => (await app.inject(path)).statusCode;
  await app.ready();
  const asked = [ask('/waits'), ask('/waits'), ask('/works')];
  expect(await Promise.all([ask('/works'), ask('/waits')])).toEqual([503, 503]);
  end('done');
  expect(await Promise.all(asked)).toEqual([200, 200, 200]);
  await app.close();
});
