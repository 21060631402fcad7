import { expect, it } from 'vitest';
import { loadConfig } from '../../src/config/index.js';
import { useApp } from '../support/app.js';
import { PASSWORD, call, expectError, register } from '../support/client.js';

const test = useApp({ rateLimits: loadConfig({}).rateLimits, trustProxy: true });

const login = (usernameOrEmail: string, password: string, address: string) =>
  call(test, 'POST', '/login', { body: { usernameOrEmail, password }, headers: { 'x-forwarded-for': address } });

it('a thousand guesses of an address are throttled by the usual limits, and the owner gets in from another', async () => {
  const { username } = await register(test);
  let guesses = 0;
  for (let round = 0; round < 20; round++) {
    const logins = Array.from({ length: 50 }, () => login(username, 'a wrong guess', '192.0.2.9'));
    for (const { status } of await Promise.all(logins)) {
      expect([400, 429]).toContain(status);
      if (status === 400) guesses += 1;
    }
  }
  expect(guesses).toBe(100);
  expectError(await login(username, PASSWORD, '192.0.2.9'), 429, 'TOO_MANY_REQUESTS');
  expect((await login(username, PASSWORD, '192.0.2.10')).status).toBe(200);
});
