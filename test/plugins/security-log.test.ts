import { beforeEach, expect, it } from 'vitest';
import { createLogger } from '../../src/shared/logger.js';
import { NO_LIMITS, useApp } from '../support/app.js';
import { PASSWORD, call, register, uniqueName } from '../support/client.js';
import { writtenLines } from '../support/written-lines.js';

const { destination, written } = writtenLines();
beforeEach(() => {
  written.length = 0;
});
const log = createLogger('info', destination);
const test = useApp({ trustProxy: true, rateLimits: { ...NO_LIMITS, requests: 20 } }, { log });

const entries = () => written.map((line) => JSON.parse(line) as Record<string, unknown>);
const events = () => entries().filter(({ security }) => security !== undefined);
const headers = { 'x-forwarded-for': '192.0.2.44' };
const login = (usernameOrEmail: string, password: string) =>
  call(test, 'POST', '/login', { body: { usernameOrEmail, password }, headers });

it('has a line for each registration and login, with the account and the address', async () => {
  const username = uniqueName();
  const body = { username, email: `${username}@example.com`, password: PASSWORD };
  await call(test, 'POST', '/register', { body, headers });
  await login(username, PASSWORD);
  const { id } = await test.db.user.findFirstOrThrow({ where: { username } });
  const of = { address: '192.0.2.44', account_id: Number(id) };
  expect(events()).toMatchObject([
    { security: 'registered', ...of },
    { security: 'login_succeeded', ...of },
  ]);
});

it('has one for each login that fails, with the reason, and without what was typed', async () => {
  const { id, username } = await register(test);
  const name = uniqueName();
  await login(username, 'the wrong password');
  await login(name, 'the wrong password');
  expect(events()).toMatchObject([
    { level: 40, security: 'login_failed', account_id: id, address: '192.0.2.44', reason: 'wrong password' },
    { level: 40, security: 'login_failed', address: '192.0.2.44', reason: 'no such account' },
  ]);
  expect(written.join('')).not.toContain('the wrong password');
  // People type their password where the name belongs.
  expect(written.join('')).not.toContain(name);
});

it('has one for access that is refused, with who tried', async () => {
  const [ada, bob, eve] = [await register(test), await register(test), await register(test)];
  const chatId = await ada.openPrivate(bob);
  written.length = 0;
  await eve.get(`/chat/${chatId}`);
  await call(test, 'GET', '/user/me', { token: 'not.a.token', headers });
  expect(events()).toMatchObject([
    { security: 'access_refused', account_id: eve.id, reason: 'CHAT_DOES_NOT_EXIST', operation: 'GET /chat/:chat_id' },
    { security: 'access_refused', address: '192.0.2.44', reason: 'NOT_AUTHORIZED', operation: 'GET /user/me' },
  ]);
});

it('has one for a limit that was reached', async () => {
  const ada = await register(test);
  for (let count = 0; count < 21; count++) await ada.get('/user/me');
  expect(events()).toMatchObject([
    { security: 'limit_reached', account_id: ada.id, reason: 'TOO_MANY_REQUESTS', operation: 'GET /user/me' },
  ]);
});

it('has no more lines a second than there may be, and then their number', async () => {
  const { app } = await test.another({ logRequestsPerSecond: 3 }, { log });
  for (let count = 0; count < 10; count++) await app.inject('/user/me');
  await expect.poll(() => events().find(({ security }) => security === 'more'), { timeout: 5000 }).toBeDefined();
  const lines = events().filter(({ security }) => security === 'access_refused').length;
  const more = events().reduce(
    (sum, { more: counts }) => sum + ((counts as Record<string, number> | undefined)?.access_refused ?? 0),
    0,
  );
  expect(lines + more).toBe(10);
  expect(lines).toBeLessThan(10);
});
