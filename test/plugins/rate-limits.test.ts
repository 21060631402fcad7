import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openCluster } from '../../src/cluster/index.js';
import { createLogger } from '../../src/shared/logger.js';
import { NO_LIMITS, useApp } from '../support/app.js';
import { PASSWORD, call, expectError, register, uniqueName, type Target } from '../support/client.js';

const redisUrl = process.env.TEST_REDIS_URL;

const guarded = useApp({ rateLimits: { ...NO_LIMITS, credentials: 0, loginFailures: 3 }, trustProxy: true });

const login = (test: Target, usernameOrEmail: string, password: string, address = '192.0.2.1') =>
  call(test, 'POST', '/login', { body: { usernameOrEmail, password }, headers: { 'x-forwarded-for': address } });

describe('the limit of credentials', () => {
  let counting: Target;
  beforeAll(async () => {
    counting = await guarded.another({ rateLimits: { ...NO_LIMITS, credentials: 5, loginFailures: 0 } });
  });

  it('counts registrations and logins of an address together', async () => {
    for (let round = 0; round < 5; round++) await login(counting, uniqueName(), PASSWORD);
    const answer = await call(counting, 'POST', '/register', { body: {} });
    expectError(answer, 429, 'TOO_MANY_REQUESTS');
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    expect(Number(answer.headers['retry-after'])).toBeLessThanOrEqual(60);
  });

  it('leaves other requests alone', async () => {
    expect((await call(counting, 'GET', '/health/live')).status).toBe(200);
    expectError(await call(counting, 'GET', '/user/me'), 401, 'NOT_AUTHORIZED');
  });
});

describe('the limit of login failures', () => {
  it('closes an account to an address that guesses, with the right password too', async () => {
    const { username } = await register(guarded);
    for (let round = 0; round < 3; round++) {
      expectError(await login(guarded, username, 'a wrong guess'), 400, 'WRONG_CREDENTIALS');
    }
    const answer = await login(guarded, username.toUpperCase(), PASSWORD);
    expectError(answer, 429, 'TOO_MANY_REQUESTS');
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(600);
    expect((await login(guarded, username, PASSWORD, '192.0.2.2')).status).toBe(200);
    expect((await login(guarded, (await register(guarded)).username, PASSWORD)).status).toBe(200);
  });

  it('tells nothing of whether there is such an account', async () => {
    const name = uniqueName();
    for (let round = 0; round < 3; round++) {
      expectError(await login(guarded, name, 'a wrong guess'), 400, 'WRONG_CREDENTIALS');
    }
    expectError(await login(guarded, name, 'a wrong guess'), 429, 'TOO_MANY_REQUESTS');
  });

  it('does not let a crowd of guesses through at once', async () => {
    const { username } = await register(guarded);
    const answers = await Promise.all(Array.from({ length: 12 }, () => login(guarded, username, 'a wrong guess')));
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(3);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(9);
  });

  it('counts the name and the email of an account together', async () => {
    const { username, email } = await register(guarded);
    for (const name of [username, email, email.toUpperCase()]) {
      expectError(await login(guarded, name, 'a wrong guess'), 400, 'WRONG_CREDENTIALS');
    }
    for (const name of [username, email]) expectError(await login(guarded, name, PASSWORD), 429, 'TOO_MANY_REQUESTS');
  });

  it('counts the addresses of an IPv6 network as one, in every spelling and with every port', async () => {
    for (const addresses of [
      ['2001:db8:5::1', '2001:DB8:5:0::2', '[2001:db8:5::3]:4711', '2001:db8:5:0:ffff:ffff:ffff:ffff'],
      ['192.0.2.77', '192.0.2.77:80', '::ffff:192.0.2.77', '[::ffff:c000:24d]:9'],
    ]) {
      const { username } = await register(guarded);
      const answers = [];
      for (const address of addresses) answers.push(await login(guarded, username, 'a wrong guess', address));
      expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 429]);
    }
  });

  it('leaves the owner of an account that is guessed at from everywhere a way in, and each guesser little', async () => {
    const { username } = await register(guarded);
    for (let network = 1; network <= 10; network++) {
      for (let round = 0; round < 3; round++) await login(guarded, username, 'a wrong guess', `203.0.113.${network}`);
    }
    // Any of the three tries that a network has otherwise would be taken.
    expectError(await login(guarded, username, 'a wrong guess', '198.51.100.1'), 400, 'WRONG_CREDENTIALS');
    expectError(await login(guarded, username, 'a wrong guess', '198.51.100.1'), 429, 'TOO_MANY_REQUESTS');
    expect((await login(guarded, username, PASSWORD, '198.51.100.2')).status).toBe(200);
    expect((await login(guarded, username, PASSWORD, '198.51.100.2')).status).toBe(200);
  });

  it('does not count what succeeds', async () => {
    const { username } = await register(guarded);
    for (let round = 0; round < 6; round++) expect((await login(guarded, username, PASSWORD)).status).toBe(200);
  });
});

describe.skipIf(!redisUrl)('with Redis (needs TEST_REDIS_URL)', () => {
  async function node(url: string): Promise<Target> {
    const cluster = await openCluster({ kind: 'redis', urls: [url], prefix: 'test:' }, createLogger('silent'));
    onTestFinished(() => cluster.close());
    // Until it is connected a node counts alone.
    if (url === redisUrl) await expect.poll(() => cluster.isConnected, { timeout: 5000 }).toBe(true);
    return guarded.another({ rateLimits: { ...NO_LIMITS, credentials: 0, loginFailures: 3 } }, { cluster });
  }

  it('counts on every node', async () => {
    const [one, other] = [await node(redisUrl!), await node(redisUrl!)];
    const name = uniqueName();
    for (const app of [one, other, one]) {
      expectError(await login(app, name, 'a wrong guess'), 400, 'WRONG_CREDENTIALS');
    }
    expectError(await login(other, name, 'a wrong guess'), 429, 'TOO_MANY_REQUESTS');
  });

  it('goes on counting alone while Redis is away', async () => {
    const app = await node('redis://127.0.0.1:1');
    const name = uniqueName();
    for (let round = 0; round < 3; round++) {
      expectError(await login(app, name, 'a wrong guess'), 400, 'WRONG_CREDENTIALS');
    }
    expectError(await login(app, name, 'a wrong guess'), 429, 'TOO_MANY_REQUESTS');
  });
});
