import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { TestApp, TEST_CONFIG, useApp } from '../../support/app.js';
import { registerAdmin } from '../../support/admins.js';
import { call, expectError, PASSWORD, register, uniqueName, type Answer } from '../../support/client.js';
import { Host } from '../../support/host.js';
import { MailServer } from '../../support/mail-server.js';
import { listen, Socket } from '../../support/socket.js';

const NEW_PASSWORD = 'staple battery horse correct';

const server = new MailServer();
const test = new TestApp();

beforeAll(async () => {
  await server.start();
  await test.open({ mail: server.settings({ linkUrl: 'https://app.example.com/mail' }) }, {});
  await listen(test);
});
afterAll(async () => {
  await test.close();
  await server.stop();
});

const forgot = (email: string): Promise<Answer> => call(test, 'POST', '/password/forgot', { body: { email } });
const reset = (token = '', password = NEW_PASSWORD): Promise<Answer> =>
  call(test, 'POST', '/password/reset', { body: { token, password } });
const logIn = (usernameOrEmail: string, password: string, more: object = {}) =>
  call(test, 'POST', '/login', { body: { usernameOrEmail, password, ...more } });
/** Until no request waits: what has not been mailed by then is not mailed. */
const carriedOut = () =>
  vi.waitFor(
    async () => {
      expect(await test.db.passwordResetRequest.count()).toBe(0);
    },
    { timeout: 10_000 },
  );

async function codeFor(email: string): Promise<string> {
  expect(await forgot(email)).toMatchObject({ status: 200, body: { success: true } });
  return (await server.codesTo(email, 1))[0] ?? '';
}

describe('a forgotten password', () => {
  it('is replaced by the code of a mail, once, and everything that was logged in ends', async () => {
    const ada = await register(test);
    const session = (await logIn(ada.username, PASSWORD, { session: true })).body;
    const socket = await Socket.of(ada);
    const code = await codeFor(ada.email);
    expect(server.to(ada.email)[0]?.text).toContain(
      `https://app.example.com/mail?purpose=reset_password&token=${code}`,
    );
    expect(await reset(code)).toMatchObject({ status: 200, body: { success: true } });
    expect((await socket.closed).code).toBe(4411);
    expectError(await ada.get('/user/me'), 401, 'NOT_AUTHORIZED', { reason: 'TOKEN_REVOKED' });
    const refreshed = await call(test, 'POST', '/token/refresh', { body: { refresh_token: session.refresh_token } });
    expect(refreshed.status).toBe(401);
    expectError(await logIn(ada.username, PASSWORD), 400, 'WRONG_CREDENTIALS');
    const { body } = await logIn(ada.email, NEW_PASSWORD);
    const me = await call(test, 'GET', '/user/me', { token: body.access_token });
    expect(me.body.email_confirmed).toBe(true);
    await server.codesTo(ada.email, 2);
    expect(server.to(ada.email)[1]?.headers.subject).toContain('has been changed');
    expectError(await reset(code), 400, 'INVALID_CODE');
  });

  it('says the same of an address that nobody has, and of one whose user has no password, and sends nothing', async () => {
    const host = await Host.of(test);
    const [unknown, hosts] = [`${uniqueName()}@example.com`, `${uniqueName()}@example.com`];
    expect((await host.put(`/server/users/ext:${uniqueName()}`, { email: hosts })).status).toBe(200);
    const ada = await register(test);
    const answers = await Promise.all([ada.email, unknown, hosts].map(forgot));
    expect(new Set(answers.map(({ status, body }) => JSON.stringify([status, body]))).size).toBe(1);
    await server.codesTo(ada.email, 1);
    await carriedOut();
    for (const email of [unknown, hosts]) expect(server.to(email)).toEqual([]);
  });

  it('gives a suspended user nothing', async () => {
    const [admin, ada] = [await registerAdmin(test), await register(test)];
    const code = await codeFor(ada.email);
    await admin.post(`/admin/users/${ada.id}/suspend`, { reason: 'x' });
    await forgot(ada.email);
    await carriedOut();
    expect(await server.codesTo(ada.email, 1)).toEqual([code]);
    expect((await reset(code)).status).toBe(200);
    expectError(await logIn(ada.email, NEW_PASSWORD), 400, 'WRONG_CREDENTIALS');
  });

  it('is replaced by one of many at once, and other codes are used up with it', async () => {
    const ada = await register(test);
    const first = await codeFor(ada.email);
    await forgot(ada.email);
    const [, second] = await server.codesTo(ada.email, 2);
    const answers = await Promise.all([reset(second), reset(second), reset(second)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400]);
    expectError(await reset(first), 400, 'INVALID_CODE');
  });

  it('needs a code that has not expired, of the address that the user has now', async () => {
    const [ada, bob] = [await register(test), await register(test)];
    const [adas, bobs] = [await codeFor(ada.email), await codeFor(bob.email)];
    const past = new Date(Date.now() - 1);
    await test.db.emailCode.updateMany({ where: { user_id: BigInt(ada.id) }, data: { expires_at: past } });
    const email = `${uniqueName()}@example.com`;
    await test.db.user.update({ where: { id: BigInt(bob.id) }, data: { email } });
    for (const code of [adas, bobs, `${adas}x`]) expectError(await reset(code), 400, 'INVALID_CODE');
    for (const { username } of [ada, bob]) expect((await logIn(username, PASSWORD)).status).toBe(200);
  });

  it('keeps the code for another try when the new password is refused', async () => {
    const ada = await register(test);
    const code = await codeFor(ada.email);
    expectError(await reset(code, 'password123'), 422, 'VALIDATION_ERROR', {
      errors: { password: expect.any(String) },
    });
    expect((await reset(code)).status).toBe(200);
  });

  it('confirms no address, nor does the code of a confirmation set a password', async () => {
    const ada = await register(test);
    const code = await codeFor(ada.email);
    expectError(await call(test, 'POST', '/email/confirm', { body: { token: code } }), 400, 'INVALID_CODE');
    await ada.post('/user/email/confirmation', undefined);
    const [, confirmation] = await server.codesTo(ada.email, 2);
    expectError(await reset(confirmation), 400, 'INVALID_CODE');
  });

  it('is asked for five times an hour for an address, known or not', async () => {
    const ada = await register(test);
    for (const email of [ada.email, `${uniqueName()}@example.com`]) {
      for (let count = 0; count < 5; count++) expect((await forgot(email.toUpperCase())).status).toBe(200);
      expectError(await forgot(email), 429, 'TOO_MANY_REQUESTS');
    }
  });

  it('limits the wrong codes of a network', async () => {
    const rateLimits = { ...TEST_CONFIG.rateLimits, loginFailures: 2 };
    const other = await test.another({ rateLimits, mail: server.settings() });
    const wrong = () => call(other, 'POST', '/password/reset', { body: { token: 'x', password: NEW_PASSWORD } });
    for (let count = 0; count < 2; count++) expectError(await wrong(), 400, 'INVALID_CODE');
    expectError(await wrong(), 429, 'TOO_MANY_REQUESTS');
  });
});

describe('POST /user/password', () => {
  it('tells the address of the user', async () => {
    const ada = await register(test);
    expect((await ada.post('/user/password', { password: PASSWORD, new_password: NEW_PASSWORD })).status).toBe(200);
    await server.codesTo(ada.email, 1);
    expect(server.to(ada.email)[0]?.headers.subject).toContain('has been changed');
  });
});

describe('a server without mail', () => {
  const silent = useApp();

  it('says so', async () => {
    const answer = await call(silent, 'POST', '/password/forgot', { body: { email: 'nobody@example.com' } });
    expectError(answer, 400, 'NO_MAIL');
    const ada = await register(silent);
    expectError(await ada.post('/user/email', { email: 'x@example.com', password: PASSWORD }), 400, 'NO_MAIL');
  });
});
