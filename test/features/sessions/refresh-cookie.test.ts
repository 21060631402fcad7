import { describe, expect, it } from 'vitest';
import { useApp } from '../../support/app.js';
import { PASSWORD, call, expectError, register, uniqueName, type Answer } from '../../support/client.js';
import { rememberSecrets } from '../../support/checked-log.js';

const test = useApp();
const OWN = { host: 'messenger.example', origin: 'https://messenger.example' };
const OTHER = { host: 'messenger.example', origin: 'https://app.example' };

/** The cookie that the answer sets: its value, and what is said of it. */
function cookieOf({ headers }: Answer): { value: string; attributes: string[] } {
  const [pair = '', ...attributes] = String(headers['set-cookie']).split('; ');
  const value = pair.slice(pair.indexOf('=') + 1);
  expect(pair).toBe(`messenger_refresh=${value}`);
  rememberSecrets({ refresh_token: value });
  return { value, attributes };
}

async function logIn(headers = OWN): Promise<Answer> {
  const { username } = await register(test);
  const body = { usernameOrEmail: username, password: PASSWORD, cookie: true, device: 'a browser' };
  return call(test, 'POST', '/login', { body, headers });
}

const refresh = (value: string | undefined, headers: Record<string, string> = OWN, body: object = { cookie: true }) =>
  call(test, 'POST', '/token/refresh', {
    body,
    headers: { ...headers, ...(value !== undefined && { cookie: `a=b; messenger_refresh=${value}` }) },
  });

describe('the refresh token of the own page', () => {
  it('is in a cookie that scripts do not see, and not in the answer', async () => {
    const answer = await logIn();
    expect(answer.body).toEqual({
      ...{ access_token: expect.any(String), token_type: 'bearer', expires_at: expect.any(String) },
    });
    const { value, attributes } = cookieOf(answer);
    expect(value).toMatch(/^mr_/);
    expect(attributes).toEqual(
      expect.arrayContaining(['HttpOnly', 'SameSite=Strict', 'Path=/token/refresh', 'Max-Age=2592000']),
    );
    expect(attributes).not.toContain('Domain');
  });

  it('is given at registering, too', async () => {
    const username = uniqueName();
    const body = { username, email: `${username}@example.com`, password: PASSWORD, cookie: true };
    const answer = await call(test, 'POST', '/register', { body, headers: OWN });
    expect(answer.body).not.toHaveProperty('refresh_token');
    expect((await refresh(cookieOf(answer).value)).status).toBe(200);
  });

  it('is used once, and followed by the next', async () => {
    const first = cookieOf(await logIn()).value;
    const answer = await refresh(first);
    expect(answer.body).not.toHaveProperty('refresh_token');
    expect((await call(test, 'GET', '/user/me', { token: answer.body.access_token })).status).toBe(200);
    const second = cookieOf(answer).value;
    expect(second).not.toBe(first);
    expect((await refresh(second)).status).toBe(200);
    expectError(await refresh(first), 401, 'NOT_AUTHORIZED', { reason: 'TOKEN_REVOKED' });
  });

  it('is nothing to pages of other origins, even those that may call the API', async () => {
    expectError(await logIn(OTHER), 403, 'ORIGIN_NOT_ALLOWED');
    const { value } = cookieOf(await logIn());
    for (const origin of ['https://app.example', 'https://messenger.example.evil.example', 'null', 'x']) {
      expectError(await refresh(value, { ...OWN, origin }), 403, 'ORIGIN_NOT_ALLOWED');
    }
    expect((await refresh(value)).status).toBe(200);
  });

  it('is refused where there is none, and beside another', async () => {
    expectError(await refresh(undefined), 401, 'NOT_AUTHORIZED');
    expectError(await refresh(''), 401, 'NOT_AUTHORIZED');
    expectError(await refresh('mr_1_1_x'), 401, 'NOT_AUTHORIZED', { reason: 'TOKEN_INVALID' });
    const errors = { refresh_token: expect.any(String) };
    for (const body of [{}, { cookie: false }, { cookie: true, refresh_token: 'mr_1_1_x' }]) {
      expectError(await refresh('mr_1_1_x', OWN, body), 422, 'VALIDATION_ERROR', { errors });
    }
  });

  it('is removed by logging out, on the own page alone', async () => {
    const token = (await logIn()).body.access_token;
    const answer = await call(test, 'POST', '/logout', { token, headers: OWN });
    expect(cookieOf(answer)).toEqual({
      value: '',
      attributes: expect.arrayContaining(['Max-Age=0', 'Path=/token/refresh', 'HttpOnly']),
    });
    const other = (await logIn()).body.access_token;
    expect((await call(test, 'POST', '/logout', { token: other, headers: OTHER })).headers).not.toHaveProperty(
      'set-cookie',
    );
  });
});

describe('the cookie of a server with an address', () => {
  const published = useApp({ publicUrl: 'https://example.com/messenger' });

  it('is for its path, and for encrypted connections alone', async () => {
    const { username } = await register(published);
    const body = { usernameOrEmail: username, password: PASSWORD, cookie: true };
    const { attributes } = cookieOf(await call(published, 'POST', '/login', { body }));
    expect(attributes).toEqual(expect.arrayContaining(['Secure', 'Path=/messenger/token/refresh']));
  });
});
