import { describe, expect, it } from 'vitest';
import { useApp } from '../../support/app.js';
import { PASSWORD, call, expectError, register, uniqueName } from '../../support/client.js';

const test = useApp();

const post = (body: unknown, token?: string) => call(test, 'POST', '/register', { body, token });
const registration = (username = uniqueName()) => ({ username, email: `${username}@example.com`, password: PASSWORD });

describe('POST /register', () => {
  it('answers with a token for a new user', async () => {
    const given = registration();
    const { status, body } = await post(given);
    expect(status).toBe(200);
    expect(body).toEqual({ access_token: expect.any(String), token_type: 'bearer' });

    const me = await call(test, 'GET', '/user/me', { token: body.access_token });
    expect(me.body).toEqual({
      id: expect.any(Number),
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      updated_at: me.body.created_at,
      username: given.username,
      email: given.email,
      bio: null,
      email_confirmed: false,
      ...{
        accepts_messages: 'everybody',
        findable: true,
        shows_last_seen: true,
        shows_receipts: true,
        locale: null,
        teams: [],
      },
      notifications: 'all',
      ...{ name: given.username, avatar_url: null, external_id: null, version: 0 },
      ...{ custom: {}, trusted: {}, private: {}, role: 'user', two_factor: false },
    });
  });

  it('makes a token as the contract says: HS256, the id as text, an end', async () => {
    const { body } = await post(registration());
    const [header, payload] = (body.access_token as string)
      .split('.')
      .slice(0, 2)
      .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>);
    expect(header).toEqual({ alg: 'HS256', typ: 'at+jwt' });
    expect(payload).toEqual({
      sub: expect.stringMatching(/^\d+$/),
      iat: expect.any(Number),
      exp: expect.any(Number),
      iss: 'messenger-backend',
      aud: 'messenger-backend',
    });
    expect(payload?.exp).toBe((payload?.iat as number) + 3600);
  });

  it('keeps the case of a username and lowers that of an email', async () => {
    const name = uniqueName();
    const { body } = await post({ username: name.toUpperCase(), email: `${name}@EXAMPLE.com`, password: PASSWORD });
    const me = await call(test, 'GET', '/user/me', { token: body.access_token });
    expect(me.body).toMatchObject({ username: name.toUpperCase(), email: `${name}@example.com` });
  });

  it.each([' ', '\n', '\t ', '\u00a0', '\u200b', '\ufeff', '\u202a\u2003'])(
    'takes no notice of %j around a username and an email',
    async (around) => {
      const name = uniqueName();
      const email = `${name}@example.com`;
      const { body } = await post({
        username: `${around}${name}${around}`,
        email: `${around}${email}${around}`,
        password: PASSWORD,
      });
      const me = await call(test, 'GET', '/user/me', { token: body.access_token });
      expect(me.body).toMatchObject({ username: name, email });
      expectError(await post({ ...registration(), username: `${name} ` }), 400, 'USER_EXISTS', {
        errors: { username: expect.any(String) },
      });
    },
  );

  it.each([
    ['müller.example', 'xn--mller-kva.example'],
    ['MÜLLER.Example', 'xn--mller-kva.example'],
    ['mu\u0308ller.example', 'xn--mller-kva.example'],
    ['XN--MLLER-KVA.example', 'xn--mller-kva.example'],
    ['почта.рф', 'xn--80a1acny.xn--p1ai'],
    ['例え。テスト', 'xn--r8jz45g.xn--zckzah'],
    ['straße.example', 'xn--strae-oqa.example'],
  ])('keeps the domain %s as %s, the same account in every spelling', async (domain, ascii) => {
    const username = uniqueName();
    const { body } = await post({ username, email: `${username}@${domain}`, password: PASSWORD });
    const me = await call(test, 'GET', '/user/me', { token: body.access_token });
    expect(me.body.email).toBe(`${username}@${ascii}`);
    for (const spelling of [domain, ascii, ascii.toUpperCase()]) {
      const email = `${username}@${spelling}`;
      expectError(await post({ ...registration(), email }), 400, 'USER_EXISTS', {
        errors: { email: expect.any(String) },
      });
      const login = await call(test, 'POST', '/login', { body: { usernameOrEmail: ` ${email} `, password: PASSWORD } });
      expect(login.status).toBe(200);
    }
  });

  it('keeps the password as an argon2id hash', async () => {
    const user = await register(test);
    const row = await test.db.user.findUniqueOrThrow({ where: { id: BigInt(user.id) } });
    expect(row.password).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it('refuses a username that is taken, in upper or lower case', async () => {
    const { username } = await register(test);
    const taken = { ...registration(), username: username.toUpperCase() };
    expectError(await post(taken), 400, 'USER_EXISTS', { errors: { username: expect.any(String) } });
  });

  it('refuses an email that is taken, in upper or lower case', async () => {
    const { email } = await register(test);
    const taken = { ...registration(), email: email.toUpperCase() };
    expectError(await post(taken), 400, 'USER_EXISTS', { errors: { email: expect.any(String) } });
  });

  it('names both when both are taken', async () => {
    const { username, email } = await register(test);
    const answer = await post({ username, email, password: PASSWORD });
    expectError(answer, 400, 'USER_EXISTS', { errors: { username: expect.any(String), email: expect.any(String) } });
  });

  it('does not take an underscore for a wildcard', async () => {
    const name = uniqueName();
    expect((await post(registration(name.replace('_', 'x')))).status).toBe(200);
    expect((await post(registration(name))).status).toBe(200);
  });

  it('makes one user of two who ask for the same name at the same instant', async () => {
    const name = uniqueName();
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) => post({ ...registration(name), email: `${name}${index}@example.com` })),
    );
    const [winner, ...losers] = answers.sort((a, b) => a.status - b.status);
    expect(winner?.status).toBe(200);
    for (const loser of losers) {
      expectError(loser, 400, 'USER_EXISTS', { errors: { username: expect.any(String) } });
    }
  });

  it('refuses who is logged in, before it looks at the body', async () => {
    const { token } = await register(test);
    expectError(await post({}, token), 403, 'ALREADY_AUTHENICATED');
  });

  it('ignores a token that is not valid', async () => {
    expect((await post(registration(), 'nonsense')).status).toBe(200);
    expect((await post(registration(), test.app.createAccessToken(987_654_321))).status).toBe(200);
  });

  it.each([
    ['username', { username: 'a b' }],
    ['username', { username: '' }],
    ['username', { username: 'a@b' }],
    ['username', { username: 'é' }],
    ['username', { username: 'a'.repeat(65) }],
    ['username', { username: 5 }],
    ['username', { username: undefined }],
    ['username', { username: ' ' }],
    ['username', { username: 'a\u200bb' }],
    ['email', { email: 'no email' }],
    ['email', { email: 'jörg@example.com' }],
    ['email', { email: 'info@mü ller.de' }],
    ['email', { email: 'info@ü..de' }],
    ['email', { email: '@müller.de' }],
    ['email', { email: `a@${'ü'.repeat(250)}.example` }],
    ['email', { email: `${'a'.repeat(250)}@example.com` }],
    ['password', { password: '1234567' }],
    ['password', { password: 'a'.repeat(2048) }],
    ['password', { password: 'nul\0nul\0' }],
    ['password', { password: '\ud800 lone surrogate' }],
    ['admin', { admin: true }],
  ])('refuses a wrong %s: %j', async (field, wrong) => {
    const answer = await post({ ...registration(), ...wrong });
    expectError(answer, 422, 'VALIDATION_ERROR', { errors: { [field]: expect.any(String) } });
  });

  it.each(['password123', 'PassWord123', '1q2w3e4r5t'])(
    'refuses the password %s, which guessers try first',
    async (password) => {
      expectError(await post({ ...registration(), password }), 422, 'VALIDATION_ERROR', {
        errors: { password: expect.any(String) },
      });
    },
  );

  it('refuses the own name, the email and what stands before its @ as a password', async () => {
    const own = registration();
    for (const password of [own.username, own.username.toUpperCase(), own.email, own.email.split('@')[0]]) {
      expectError(await post({ ...own, password }), 422, 'VALIDATION_ERROR', {
        errors: { password: expect.any(String) },
      });
    }
    expect((await post({ ...own, password: `${own.username} and more` })).status).toBe(200);
  });

  it('takes what is just short enough', async () => {
    const username = uniqueName().padEnd(64, 'x');
    const { status } = await post({ username, email: `${uniqueName()}@example.com`, password: '🙂'.repeat(2047) });
    expect(status).toBe(200);
  });
});
