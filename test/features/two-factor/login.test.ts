import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLogger } from '../../../src/shared/logger.js';
import { TEST_CONFIG, useApp } from '../../support/app.js';
import { Authenticator, forgetUsedCodes, protect } from '../../support/authenticator.js';
import type { Person } from '../../support/client.js';
import { PASSWORD, call, expectError, register, type Target } from '../../support/client.js';
import { writtenLines } from '../../support/written-lines.js';

const { destination, written } = writtenLines();
const test = useApp({}, { log: createLogger('trace', destination) });
beforeEach(() => {
  written.length = 0;
});
afterEach(() => {
  vi.useRealTimers();
});

const logIn = (person: Person, more: object = {}, target: Target = test) =>
  call(target, 'POST', '/login', { body: { usernameOrEmail: person.username, password: PASSWORD, ...more } });
const secured = (event: string) => written.filter((line) => line.includes(`"security":"${event}"`)).join('');

describe('a login with a second factor', () => {
  it('needs the password first, and then a code', async () => {
    const ada = await register(test);
    const { app, recoveryCodes } = await protect(ada);
    expectError(await logIn(ada), 403, 'SECOND_FACTOR_REQUIRED');
    expect(secured('second_factor_asked')).toContain(`"account_id":${ada.id}`);
    expectError(await logIn(ada, { code: app.wrongCode() }), 403, 'WRONG_CODE');
    expect(secured('login_failed')).toContain('"reason":"wrong code"');
    for (const code of [undefined, app.wrongCode(), app.code(1), recoveryCodes[0]])
      expectError(await logIn(ada, { password: 'wrong', code }), 400, 'WRONG_CREDENTIALS');

    const { status, body } = await logIn(ada, { code: app.code(1), session: true });
    expect(status).toBe(200);
    expect((await call(test, 'GET', '/user/me', { token: body.access_token })).body.id).toBe(ada.id);
    expect(body.refresh_token).toBeDefined();
    const refreshed = await call(test, 'POST', '/token/refresh', { body: { refresh_token: body.refresh_token } });
    expect(refreshed.status).toBe(200);
    expect(secured('login_succeeded')).toContain(`"account_id":${ada.id}`);
  });

  it('takes each code once, and none of an earlier time', async () => {
    const ada = await register(test);
    const { app } = await protect(ada);
    expectError(await logIn(ada, { code: app.code() }), 403, 'WRONG_CODE');
    expect((await logIn(ada, { code: app.code(1) })).status).toBe(200);
    for (const steps of [1, 0, -1]) expectError(await logIn(ada, { code: app.code(steps) }), 403, 'WRONG_CODE');
  });

  it.each([
    [-2, 403],
    [-1, 200],
    [0, 200],
    [1, 200],
    [2, 403],
  ])('takes the code of a clock that is wrong by %i steps, or not: %i', async (steps, status) => {
    const ada = await register(test);
    const { secret } = await protect(ada);
    await forgetUsedCodes(test, ada.id);
    // In the middle of a step, so that none begins meanwhile.
    vi.useFakeTimers({ toFake: ['Date'], now: Math.floor(Date.now() / 30_000) * 30_000 + 15_000 });
    const code = new Authenticator(secret).code(steps);
    expect((await logIn(ada, { code: `${code.slice(0, 3)} ${code.slice(3)} ` })).status).toBe(status);
  });

  it('gives one session for one code, however many try at once', async () => {
    const ada = await register(test);
    const { app, recoveryCodes } = await protect(ada);
    for (const code of [app.code(1), recoveryCodes[0]]) {
      const answers = await Promise.all([1, 2, 3].map(() => logIn(ada, { code, session: true })));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 403, 403]);
    }
    const sessions = await test.db.session.count({ where: { user_id: BigInt(ada.id), ended_at: null } });
    expect(sessions).toBe(2);
  });

  it('takes a recovery code once, however it is typed', async () => {
    const ada = await register(test);
    const { recoveryCodes, token } = await protect(ada);
    const [first = '', second = ''] = recoveryCodes;
    expect((await logIn(ada, { code: first })).status).toBe(200);
    expect(secured('recovery_code_used')).toContain(`"account_id":${ada.id}`);
    expectError(await logIn(ada, { code: first }), 403, 'WRONG_CODE');
    expect((await logIn(ada, { code: second.toUpperCase().replaceAll('-', ' ') })).status).toBe(200);
    const state = await call(test, 'GET', '/user/two-factor', { token });
    expect(state.body).toEqual({ on: true, recovery_codes_left: 8 });
  });

  it('is not passed with the codes of another', async () => {
    const [ada, bob] = [await register(test), await register(test)];
    const [{ recoveryCodes }, { app }] = [await protect(ada), await protect(bob)];
    expectError(await logIn(bob, { code: recoveryCodes[0] }), 403, 'WRONG_CODE');
    expectError(await logIn(ada, { code: app.code(1) }), 403, 'WRONG_CODE');
    expect((await logIn(ada, { code: recoveryCodes[0] })).status).toBe(200);
  });

  it('is not asked of a change of password', async () => {
    const ada = await register(test);
    const { token } = await protect(ada);
    const body = { password: PASSWORD, new_password: `${PASSWORD} 2` };
    expect((await call(test, 'POST', '/user/password', { token, body })).status).toBe(200);
  });
});

describe('guesses', () => {
  it('are few for the digits of an account, and leave the recovery codes and other people alone', async () => {
    const [ada, bob] = [await register(test), await register(test)];
    const { app, recoveryCodes } = await protect(ada);
    const { app: other } = await protect(bob);
    // Who does not know the password uses up nothing.
    for (let index = 0; index < 8; index += 1)
      expectError(await logIn(ada, { password: 'wrong', code: app.wrongCode() }), 400, 'WRONG_CREDENTIALS');
    const answers = await Promise.all(Array.from({ length: 8 }, () => logIn(ada, { code: app.wrongCode() })));
    expect(answers.filter(({ status }) => status === 403)).toHaveLength(5);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(3);
    const refused = await logIn(ada, { code: app.code(1) });
    expectError(refused, 429, 'TOO_MANY_REQUESTS');
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(900);
    expect((await logIn(ada, { code: recoveryCodes[0] })).status).toBe(200);
    expect((await logIn(bob, { code: other.code(1) })).status).toBe(200);
  });

  it('at recovery codes are few as well', async () => {
    const ada = await register(test);
    const { app, recoveryCodes } = await protect(ada);
    for (let index = 0; index < 5; index += 1) expectError(await logIn(ada, { code: 'abcd' }), 403, 'WRONG_CODE');
    expectError(await logIn(ada, { code: recoveryCodes[0] }), 429, 'TOO_MANY_REQUESTS');
    expect((await logIn(ada, { code: app.code(1) })).status).toBe(200);
  });

  it('do not count when they are right', async () => {
    const ada = await register(test);
    const { recoveryCodes } = await protect(ada);
    for (const code of recoveryCodes) expect((await logIn(ada, { code })).status).toBe(200);
  });
});

describe('the secret', () => {
  it('is nowhere in the database, and in no line of the log', async () => {
    const ada = await register(test);
    const { body } = await ada.post('/user/two-factor', { password: PASSWORD });
    const app = new Authenticator(body.secret);
    const { body: confirmed } = await ada.post('/user/two-factor/confirm', { code: app.code() });
    await logIn(ada, { code: app.code(1) });
    const { secret } = await test.db.secondFactor.findUniqueOrThrow({ where: { user_id: BigInt(ada.id) } });
    expect(secret).toHaveLength(12 + 20 + 16);
    expect(Buffer.from(secret).includes(bytesOf(body.secret))).toBe(false);
    const codes = await test.db.recoveryCode.findMany({ where: { user_id: BigInt(ada.id) } });
    expect(codes).toHaveLength(10);
    const log = written.join('');
    expect(log).toContain('two_factor_on');
    for (const text of [body.secret, body.qr_code, 'otpauth', app.code(), app.code(1), ...confirmed.recovery_codes]) {
      expect(log.includes(`"${text}"`) || (text.length > 6 && log.includes(text))).toBe(false);
      for (const { hash } of codes) expect(Buffer.from(hash).includes(text)).toBe(false);
    }
  });

  it('belongs to its user alone', async () => {
    const [ada, eve] = [await register(test), await register(test)];
    const [{ app }] = [await protect(ada), await protect(eve)];
    const { secret } = await test.db.secondFactor.findUniqueOrThrow({ where: { user_id: BigInt(ada.id) } });
    await test.db.secondFactor.update({ where: { user_id: BigInt(eve.id) }, data: { secret } });
    expectError(await logIn(eve, { code: app.code(1) }), 403, 'WRONG_CODE');
  });

  it('is encrypted anew at its next use after another JWT_SECRET, and lost without the one before', async () => {
    const ada = await register(test);
    const { app, recoveryCodes } = await protect(ada);
    const stored = async () => {
      const { secret } = await test.db.secondFactor.findUniqueOrThrow({ where: { user_id: BigInt(ada.id) } });
      return Buffer.from(secret).toString('hex');
    };
    const before = await stored();
    const jwt = { ...TEST_CONFIG.jwt, secret: 'another secret of the tests, as long as the first' };
    const [rotated, done] = [
      await test.another({ jwt: { ...jwt, previousSecret: TEST_CONFIG.jwt.secret } }),
      await test.another({ jwt }),
    ];
    expectError(await logIn(ada, { code: app.code(1) }, done), 403, 'WRONG_CODE');
    expect((await logIn(ada, { code: recoveryCodes[0] }, done)).status).toBe(200);
    expect(await stored()).toBe(before);
    expect((await logIn(ada, { code: app.code(1) }, rotated)).status).toBe(200);
    const after = await stored();
    expect(after).not.toBe(before);
    await forgetUsedCodes(test, ada.id);
    expect((await logIn(ada, { code: app.code() }, done)).status).toBe(200);
    expect(await stored()).toBe(after);
  });
});

/** What the Base32 stands for. */
function bytesOf(base32: string): Buffer {
  const bits = Array.from(base32).map((letter) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
  );
  return Buffer.from((bits.join('').match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
}
