import { createServer, type AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { createLogger } from '../../src/shared/logger.js';
import { connectRedis } from '../../src/cluster/redis/redis-connections.js';
import { useApp } from '../support/app.js';
import { PASSWORD, call, register } from '../support/client.js';
import { writtenLines } from '../support/written-lines.js';

const { destination, written } = writtenLines();
const log = createLogger('trace', destination);
const test = useApp({}, { log });

const entries = () => written.map((line) => JSON.parse(line) as Record<string, unknown>);

it('writes one JSON object a line, with the id that an error answer repeats', async () => {
  const { body } = await call(test, 'GET', '/user/me');
  const ofRequest = entries().filter(({ reqId }) => reqId === body.details.request_id);
  expect(ofRequest).toMatchObject([
    { security: 'access_refused', reason: 'NOT_AUTHORIZED', operation: 'GET /user/me' },
    { req: { method: 'GET', url: '/user/me' }, res: { statusCode: 401 } },
  ]);
});

it('has a line for so many requests a second, and then counts', async () => {
  const { app } = await test.another({ logRequestsPerSecond: 3 }, { log });
  const before = written.length;
  for (let count = 0; count < 10; count++) await app.inject('/user/me');
  for (let count = 0; count < 5; count++) await app.inject('/openapi.json');
  const since = () => entries().slice(before);
  await expect.poll(() => since().some(({ msg }) => msg === 'more requests completed'), { timeout: 5000 }).toBe(true);
  const lines = since().filter(({ msg }) => msg === 'request completed');
  const counted = since().filter(({ msg }) => msg === 'more requests completed');
  const sum = (of: (entry: Record<string, unknown>) => unknown) => {
    return counted.reduce((total, entry) => total + Number(of(entry)), 0);
  };
  expect(lines.length + sum(({ successes }) => successes) + sum(({ failures }) => failures)).toBe(15);
  expect(lines.length).toBeLessThan(15);
});

it('never writes a password or a token', async () => {
  const user = await register(test);
  await call(test, 'POST', '/login', { body: { usernameOrEmail: user.username, password: PASSWORD } });
  await call(test, 'POST', '/login', { body: { usernameOrEmail: user.username, password: 'a wrong password' } });
  await call(test, 'POST', '/register', { body: { password: PASSWORD } });
  await user.get('/user/me');
  const log = written.join('');
  expect(log).not.toContain(PASSWORD);
  expect(log).not.toContain('a wrong password');
  expect(log).not.toContain(user.token);
});

it('has the path of a request, without its query and without an e-mail address', async () => {
  const before = written.length;
  await call(test, 'GET', '/user/me?access_token=abc-secret');
  await call(test, 'GET', '/server/users/ext:ada@example.com');
  await call(test, 'GET', '/server/users/ext:ada%40example.com?x=1');
  const urls = written.slice(before).flatMap((line) => /"url":"([^"]*)"/.exec(line)?.[1] ?? []);
  expect(urls).toEqual(['/user/me', '/server/users/[redacted]', '/server/users/[redacted]']);
});

it('strikes secrets out of what somebody logs by mistake', () => {
  log.info({
    headers: { authorization: 'Bearer abc-secret' },
    password: 'abc-secret',
    body: { access_token: 'abc-secret' },
  });
  expect(written.at(-1)).toContain('[redacted]');
  expect(written.at(-1)).not.toContain('abc-secret');
});

it('does not write the password of a Redis that refuses it', async () => {
  const server = createServer((socket) => {
    socket.on('data', () => socket.write('-WRONGPASS invalid username-password pair\r\n'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const redis = connectRedis(
    { urls: [`redis://:s3cret-word@127.0.0.1:${port}`], kind: 'redis' as const, prefix: 'test:' },
    log,
  );
  await expect.poll(() => written.join('')).toContain('Redis is away');
  redis.close();
  server.close();
  expect(written.join('')).not.toContain('s3cret-word');
});

it('finds the cause of a 500 that the answer does not tell', async () => {
  await test.db.$executeRaw`alter table "user" rename to lost_user`;
  const { status, body } = await call(test, 'POST', '/login', { body: { usernameOrEmail: 'x', password: 'y' } });
  await test.db.$executeRaw`alter table lost_user rename to "user"`;
  expect(status).toBe(500);
  expect(body).toEqual({
    status_code: 500,
    details: {
      code: 'INTERNAL_ERROR',
      message: 'Something went wrong on our side.',
      request_id: expect.any(String),
    },
  });
  const cause = entries().find(({ reqId, level }) => reqId === body.details.request_id && level === 50);
  expect(JSON.stringify(cause)).toContain('relation');
});
