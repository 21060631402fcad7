import argon2 from 'argon2';
import { describe, expect, it, vi } from 'vitest';
import { useApp } from '../../support/app.js';
import { postgresUrl, sharedDatabase } from '../../support/database.js';
import { changeHash, countWaiting } from '../../support/locks.js';
import { PASSWORD, call, expectError, register, uniqueName } from '../../support/client.js';

const test = useApp();

const post = (usernameOrEmail: unknown, password: unknown = PASSWORD, token?: string) =>
  call(test, 'POST', '/login', { body: { usernameOrEmail, password }, token });

describe('POST /login', () => {
  it('takes the username or the email, in upper or lower case', async () => {
    const user = await register(test);
    const names = [user.username, user.username.toUpperCase(), user.email, user.email.toUpperCase()];
    for (const name of names) {
      const { status, body } = await post(name);
      expect(status).toBe(200);
      expect(body).toEqual({ access_token: expect.any(String), token_type: 'bearer' });
      const me = await call(test, 'GET', '/user/me', { token: body.access_token });
      expect(me.body.id).toBe(user.id);
    }
  });

  it('takes no notice of what was pasted around a name, but leaves a password as it is', async () => {
    const { username, email } = await register(test);
    for (const name of [`${username} `, ` ${email}\n`, `\u200b${username}\ufeff`])
      expect((await post(name)).status).toBe(200);
    expectError(await post(username, `${PASSWORD} `), 400, 'WRONG_CREDENTIALS');
    expectError(await post(`${username} x`), 400, 'WRONG_CREDENTIALS');
    expectError(await post('info@mü ller.de'), 400, 'WRONG_CREDENTIALS');
    expectError(await post('ada@пример.рф'), 400, 'WRONG_CREDENTIALS');
  });

  it('says the same of an unknown name as of a wrong password', async () => {
    const { username } = await register(test);
    const wrong = await post(username, 'not the password');
    const unknown = await post(uniqueName(), 'not the password');
    expectError(wrong, 400, 'WRONG_CREDENTIALS');
    expect({ ...unknown.body.details, request_id: '' }).toEqual({ ...wrong.body.details, request_id: '' });
  });

  it('works as hard for an unknown name as for a wrong password', async () => {
    const { username } = await register(test);
    const verify = vi.spyOn(argon2, 'verify');
    const hash = vi.spyOn(argon2, 'hash');
    const worked = async (name: string) => {
      verify.mockClear();
      await post(name, 'not the password');
      return verify.mock.calls.map(([compared, password]) => [compared.slice(0, 30), password]);
    };
    const wrong = await worked(username);
    expect(wrong).toEqual([['$argon2id$v=19$m=19456,t=2,p=1', 'not the password']]);
    expect(await worked(uniqueName())).toEqual(wrong);
    expect(hash).not.toHaveBeenCalled();
    vi.restoreAllMocks();
  });

  it('refuses who is logged in', async () => {
    const { username, token } = await register(test);
    expectError(await post(username, PASSWORD, token), 403, 'ALREADY_AUTHENICATED');
  });

  it('hashes the password anew when the parameters have changed', async () => {
    const user = await register(test);
    const where = { id: BigInt(user.id) };
    const password = await argon2.hash(PASSWORD, { memoryCost: 8192, timeCost: 3, parallelism: 1 });
    await test.db.user.update({ where, data: { password } });
    expect((await post(user.username)).status).toBe(200);
    const row = await test.db.user.findUniqueOrThrow({ where });
    expect(row.password).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect((await post(user.username)).status).toBe(200);
  });

  it.each([
    ['usernameOrEmail', { password: PASSWORD }],
    ['usernameOrEmail', { usernameOrEmail: 5, password: PASSWORD }],
    ['usernameOrEmail', { usernameOrEmail: 'a\0', password: PASSWORD }],
    ['usernameOrEmail', { usernameOrEmail: 'a'.repeat(256), password: PASSWORD }],
    ['password', { usernameOrEmail: 'ada' }],
    ['password', { usernameOrEmail: 'ada', password: null }],
    ['password', { usernameOrEmail: 'ada', password: 'a'.repeat(2048) }],
    ['remember', { usernameOrEmail: 'ada', password: PASSWORD, remember: true }],
  ])('refuses a wrong %s', async (field, body) => {
    const answer = await call(test, 'POST', '/login', { body });
    expectError(answer, 422, 'VALIDATION_ERROR', { errors: { [field]: expect.any(String) } });
  });

  it.each(['', ' ', "' or 1=1 --", '%', '_', '😀'])('knows nobody by the name of %j', async (name) => {
    expectError(await post(name), 400, 'WRONG_CREDENTIALS');
  });

  it.skipIf(!postgresUrl)(
    'begins nothing when the password is changed while it is looked at (needs TEST_DATABASE_URL)',
    async () => {
      const { id, username } = await register(test);
      const { url } = await sharedDatabase();
      const change = await changeHash(
        url,
        id,
        await argon2.hash('another password', { memoryCost: 8192, timeCost: 2 }),
      );
      const login = post(username);
      await expect.poll(() => countWaiting(test.db)).not.toBe(0);
      await change.query('commit');
      expectError(await login, 400, 'WRONG_CREDENTIALS');
    },
  );
});
