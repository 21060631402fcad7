import jsQR from 'jsqr';
import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { useApp } from '../../support/app.js';
import { Authenticator, forgetUsedCodes, protect } from '../../support/authenticator.js';
import { PASSWORD, Person, call, expectError, register } from '../../support/client.js';
import { Host } from '../../support/host.js';

const test = useApp();

const withToken = ({ id, username, email }: Person, token: string) => new Person(test, id, username, email, token);
const logIn = (person: Person, more: object = {}) =>
  call(test, 'POST', '/login', { body: { usernameOrEmail: person.username, password: PASSWORD, ...more } });
const actionsOf = async (userId: number) => {
  const entries = await test.db.auditLog.findMany({ where: { user_id: BigInt(userId) }, orderBy: { id: 'asc' } });
  return entries.map(({ action, actor_type }) => `${action} by ${actor_type}`);
};

function scanned(dataUrl: string): string | undefined {
  expect(dataUrl).toMatch(/^data:image\/png;base64,/);
  const { data, width, height } = PNG.sync.read(Buffer.from(dataUrl.split(',')[1] ?? '', 'base64'));
  return jsQR.default(new Uint8ClampedArray(data), width, height)?.data;
}

describe('turning it on', () => {
  it('shows a secret, its address and its picture, and changes nothing until a code confirms it', async () => {
    const ada = await register(test);
    const { status, body } = await ada.post('/user/two-factor', { password: PASSWORD });
    expect(status).toBe(200);
    expect(Object.keys(body).sort()).toEqual(['qr_code', 'secret', 'uri']);
    const uri = new URL(body.uri);
    expect(uri.protocol + uri.host + uri.pathname).toBe(`otpauth:totp/Messenger:${ada.username}`);
    expect(Object.fromEntries(uri.searchParams)).toEqual({
      ...{ issuer: 'Messenger', secret: body.secret, algorithm: 'SHA1', digits: '6', period: '30' },
    });
    expect(body.secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(scanned(body.qr_code)).toBe(body.uri);

    expect((await ada.get('/user/two-factor')).body).toEqual({ on: false, recovery_codes_left: 0 });
    expect((await ada.get('/user/me')).body.two_factor).toBe(false);
    expect((await logIn(ada)).status).toBe(200);
    expect((await logIn(ada, { code: '123456' })).status).toBe(200);
    expectError(await ada.post('/user/two-factor/confirm', { code: '12345' }), 403, 'WRONG_CODE');
    const wrong = new Authenticator(body.secret).wrongCode();
    expectError(await ada.post('/user/two-factor/confirm', { code: wrong }), 403, 'WRONG_CODE');
    expect((await ada.get('/user/me')).body.two_factor).toBe(false);
  });

  it('gives ten recovery codes and a token, and ends everything else', async () => {
    const ada = await register(test);
    const { body: session } = await logIn(ada, { session: true });
    const { body: kept } = await logIn(ada, { session: true });
    const here = withToken(ada, kept.access_token);
    const app = new Authenticator((await here.post('/user/two-factor', { password: PASSWORD })).body.secret);
    const { status, body } = await here.post('/user/two-factor/confirm', { code: app.code() });
    expect(status).toBe(200);
    expect(body).toEqual({
      recovery_codes: expect.any(Array),
      access_token: expect.any(String),
      token_type: 'bearer',
    });
    expect(new Set(body.recovery_codes).size).toBe(10);
    for (const code of body.recovery_codes) expect(code).toMatch(/^([2-9a-z]{4}-){3}[2-9a-z]{4}$/);
    for (const { token } of [ada, withToken(ada, session.access_token)])
      expectError(await call(test, 'GET', '/user/me', { token }), 401, 'NOT_AUTHORIZED', { reason: 'TOKEN_REVOKED' });
    expect((await withToken(ada, body.access_token).get('/user/me')).body.two_factor).toBe(true);
    expect((await here.get('/user/two-factor')).body).toEqual({ on: true, recovery_codes_left: 10 });
    const refresh = (refresh_token: string) => call(test, 'POST', '/token/refresh', { body: { refresh_token } });
    expect((await refresh(kept.refresh_token)).status).toBe(200);
    expectError(await refresh(session.refresh_token), 401, 'NOT_AUTHORIZED', { reason: 'TOKEN_REVOKED' });

    expectError(await here.post('/user/two-factor', { password: PASSWORD }), 409, 'TWO_FACTOR_ON');
    expectError(await here.post('/user/two-factor/confirm', { code: app.code(1) }), 409, 'TWO_FACTOR_ON');
    expect(await actionsOf(ada.id)).toEqual(['two_factor.turned_on by user']);
    const host = await Host.of(test);
    expect((await host.get(`/admin/users/${ada.id}`)).body.two_factor).toBe(true);
  });

  it('replaces what was begun and not confirmed', async () => {
    const ada = await register(test);
    const begin = async () =>
      new Authenticator((await ada.post('/user/two-factor', { password: PASSWORD })).body.secret);
    const [first, second] = [await begin(), await begin()];
    expectError(await ada.post('/user/two-factor/confirm', { code: first.code() }), 403, 'WRONG_CODE');
    expect((await ada.post('/user/two-factor/confirm', { code: second.code() })).status).toBe(200);
  });

  it('is confirmed by one of two requests at once', async () => {
    const ada = await register(test);
    const app = new Authenticator((await ada.post('/user/two-factor', { password: PASSWORD })).body.secret);
    const answers = await Promise.all(
      [0, 1].map((steps) => ada.post('/user/two-factor/confirm', { code: app.code(steps) })),
    );
    const [won] = answers.filter(({ status }) => status === 200);
    expect(answers.map(({ status }) => status).sort()).not.toEqual([200, 200]);
    expect((await withToken(ada, won?.body.access_token).get('/user/two-factor')).body.recovery_codes_left).toBe(10);
    expect(await actionsOf(ada.id)).toEqual(['two_factor.turned_on by user']);
  });

  it('needs the password, a beginning, and a token', async () => {
    const ada = await register(test);
    expectError(await ada.post('/user/two-factor', { password: 'wrong' }), 400, 'WRONG_CREDENTIALS');
    expectError(await ada.post('/user/two-factor/confirm', { code: '123456' }), 409, 'TWO_FACTOR_NOT_BEGUN');
    const invalid = [
      ['/user/two-factor', {}],
      ['/user/two-factor/confirm', { code: '' }],
      ['/user/two-factor/confirm', { code: 'x'.repeat(65) }],
      ['/user/two-factor/remove', { password: PASSWORD }],
      ['/user/two-factor/recovery-codes', { code: '123456' }],
    ] as const;
    for (const [url, body] of invalid) {
      expectError(await ada.post(url, body), 422, 'VALIDATION_ERROR', { errors: expect.anything() });
      expectError(await call(test, 'POST', url, { body }), 401, 'NOT_AUTHORIZED');
    }
    expectError(await call(test, 'GET', '/user/two-factor'), 401, 'NOT_AUTHORIZED');
    await test.db.user.update({ where: { id: BigInt(ada.id) }, data: { password: null } });
    expectError(await ada.post('/user/two-factor', { password: PASSWORD }), 400, 'WRONG_CREDENTIALS');
    await test.db.user.delete({ where: { id: BigInt(ada.id) } });
    expectError(await ada.get('/user/two-factor'), 401, 'NOT_AUTHORIZED');
    expectError(await ada.post('/user/two-factor/confirm', { code: '123456' }), 401, 'NOT_AUTHORIZED');
  });

  it('is begun ten times an hour at most', async () => {
    const ada = await register(test);
    await test.db.secondFactor.deleteMany({ where: { user_id: BigInt(ada.id) } });
    for (let index = 0; index < 10; index += 1)
      expect((await ada.post('/user/two-factor', { password: PASSWORD })).status).toBe(200);
    expectError(await ada.post('/user/two-factor', { password: PASSWORD }), 429, 'TOO_MANY_REQUESTS');
  });

  it('tells the other devices of the user in a sync', async () => {
    const ada = await register(test);
    const { token } = await protect(ada);
    const { body } = await withToken(ada, token).post('/sync', { epoch: null, chats: {}, me_pts: 0 });
    expect(JSON.stringify(body)).toContain('"two_factor":true');
  });
});

describe('recovery codes', () => {
  it('are replaced by others, for who has password and code', async () => {
    const ada = await register(test);
    const { app, recoveryCodes, token } = await protect(ada);
    const here = withToken(ada, token);
    const renew = (password: string, code: string) => here.post('/user/two-factor/recovery-codes', { password, code });
    expectError(await renew('wrong', app.code(1)), 400, 'WRONG_CREDENTIALS');
    expectError(await renew(PASSWORD, app.wrongCode()), 403, 'WRONG_CODE');
    const { status, body } = await renew(PASSWORD, app.code(1));
    expect(status).toBe(200);
    expect(body.recovery_codes).toHaveLength(10);
    expectError(await logIn(ada, { code: recoveryCodes[0] }), 403, 'WRONG_CODE');
    expect((await logIn(ada, { code: body.recovery_codes[0] })).status).toBe(200);
    const again = await renew(PASSWORD, body.recovery_codes[1]);
    expect(again.status).toBe(200);
    expect((await here.get('/user/two-factor')).body).toEqual({ on: true, recovery_codes_left: 10 });
    expect(await actionsOf(ada.id)).toEqual([
      ...['two_factor.turned_on by user', 'two_factor.recovery_codes_made by user'],
      ...['two_factor.recovery_code_used by user', 'two_factor.recovery_code_used by user'],
      'two_factor.recovery_codes_made by user',
    ]);
  });

  it('are none while it is off', async () => {
    const ada = await register(test);
    const body = { password: PASSWORD, code: '123456' };
    expectError(await ada.post('/user/two-factor/recovery-codes', body), 409, 'TWO_FACTOR_OFF');
    expectError(await ada.post('/user/two-factor/remove', body), 409, 'TWO_FACTOR_OFF');
  });
});

describe('turning it off', () => {
  it('takes the password and a code, or a recovery code, and keeps nothing', async () => {
    const ada = await register(test);
    const { app, recoveryCodes, token } = await protect(ada);
    let here = withToken(ada, token);
    const remove = (password: string, code: string) => here.post('/user/two-factor/remove', { password, code });
    expectError(await remove('wrong', app.code(1)), 400, 'WRONG_CREDENTIALS');
    expectError(await remove(PASSWORD, app.code()), 403, 'WRONG_CODE');
    expect(await remove(PASSWORD, app.code(1))).toMatchObject({ status: 200, body: { success: true } });
    expect((await here.get('/user/me')).body.two_factor).toBe(false);
    expect((await here.get('/user/two-factor')).body).toEqual({ on: false, recovery_codes_left: 0 });
    expect(await test.db.secondFactor.count({ where: { user_id: BigInt(ada.id) } })).toBe(0);
    expect((await logIn(ada)).status).toBe(200);

    const again = await protect(here);
    expectError(await logIn(ada, { code: recoveryCodes[0] }), 403, 'WRONG_CODE');
    here = withToken(ada, again.token);
    expect((await remove(PASSWORD, ` ${again.recoveryCodes[0]?.toUpperCase() ?? ''} `)).status).toBe(200);
    expect(await actionsOf(ada.id)).toEqual([
      ...['two_factor.turned_on by user', 'two_factor.turned_off by user', 'two_factor.turned_on by user'],
      ...['two_factor.recovery_code_used by user', 'two_factor.turned_off by user'],
    ]);
  });

  it('happens once, however many ask at the same time', async () => {
    const ada = await register(test);
    const { app, recoveryCodes, token } = await protect(ada);
    await forgetUsedCodes(test, ada.id);
    const codes = [app.code(), app.code(1), recoveryCodes[0], recoveryCodes[1]];
    const answers = await Promise.all(
      codes.map((code) => withToken(ada, token).post('/user/two-factor/remove', { password: PASSWORD, code })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    for (const { body, status } of answers)
      if (status !== 200) expect(['WRONG_CODE', 'TWO_FACTOR_OFF']).toContain(body.details.code);
    expect((await actionsOf(ada.id)).filter((action) => action.includes('off'))).toHaveLength(1);
  });
});

it('says nothing of itself to others', async () => {
  const [ada, bob] = [await register(test), await register(test)];
  await protect(ada);
  expect(JSON.stringify((await bob.get(`/user/${ada.id}`)).body)).not.toContain('two_factor');
});
