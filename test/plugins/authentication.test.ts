import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { TEST_CONFIG, useApp } from '../support/app.js';
import { call, expectError, register } from '../support/client.js';

const test = useApp();

/** Every request that needs a token, with a body that its schema takes. */
const REQUESTS = [
  ['GET', '/user/me', undefined],
  ['PATCH', '/user/me', { name: 'x' }],
  ['DELETE', '/user/me', { password: 'x' }],
  ['GET', '/user/me/export', undefined],
  ['GET', '/user/1', undefined],
  ['GET', '/user/search?q=x', undefined],
  ['POST', '/user/email/confirmation', undefined],
  ['POST', '/user/email', { email: 'x@example.com', password: 'x' }],
  ['GET', '/user/two-factor', undefined],
  ['POST', '/user/two-factor', { password: 'x' }],
  ['POST', '/user/two-factor/confirm', { code: '123456' }],
  ['POST', '/user/two-factor/recovery-codes', { password: 'x', code: '123456' }],
  ['POST', '/user/two-factor/remove', { password: 'x', code: '123456' }],
  ['POST', '/admin/users/1/two-factor/remove', undefined],
  ['GET', '/admin/reports', undefined],
  ['GET', '/admin/filters', undefined],
  ['PUT', '/admin/filters', {}],
  ['POST', '/admin/reports/1/claim', undefined],
  ['POST', '/admin/reports/1/resolve', { action: 'dismiss', reason: 'x' }],
  ['POST', '/logout', undefined],
  ['GET', '/user/sessions', undefined],
  ['DELETE', '/user/sessions', undefined],
  ['DELETE', '/user/sessions/1', undefined],
  ['POST', '/user/password', { password: 'x', new_password: 'a new password' }],
  ['PATCH', '/user/bio', { bio: 'x' }],
  ['POST', '/reports', { user_id: 1, reason: 'spam' }],
  ['GET', '/user/reports', undefined],
  ['GET', '/user/blocks', undefined],
  ['PUT', '/user/blocks/1', undefined],
  ['DELETE', '/user/blocks/1', undefined],
  ['GET', '/user/mutes', undefined],
  ['PUT', '/user/mutes/1', {}],
  ['DELETE', '/user/mutes/1', undefined],
  ['GET', '/user/chats', undefined],
  ['POST', '/chat/private/create', { with_user_id: 1 }],
  ['POST', '/chat/group/create', { with_ids: [1], name: 'x' }],
  ['GET', '/chat/1', undefined],
  ['GET', '/chat/1/participants', undefined],
  ['PATCH', '/chat/1', { name: 'x' }],
  ['PATCH', '/chat/1/settings', { pinned: true }],
  ['POST', '/chat/1/unread', undefined],
  ['GET', '/user/badge', undefined],
  ['GET', '/user/folders', undefined],
  ['PUT', '/user/folders', { folders: [] }],
  ['PUT', '/user/folders/work/chats/1', undefined],
  ['DELETE', '/user/folders/work/chats/1', undefined],
  ['PUT', '/chat/1/draft', { contents: 'x' }],
  ['DELETE', '/chat/1/draft', undefined],
  ['GET', '/user/reminders', undefined],
  ['PUT', '/message/1/reminder', { remind_at: '2100-01-01T00:00:00Z' }],
  ['DELETE', '/message/1/reminder', undefined],
  ['GET', '/user/scheduled', undefined],
  ['POST', '/chat/1/scheduled', { contents: 'x', send_at: '2100-01-01T00:00:00Z' }],
  ['PATCH', '/scheduled/1', { contents: 'x' }],
  ['DELETE', '/scheduled/1', undefined],
  ['POST', '/scheduled/1/send', undefined],
  ['POST', '/chat/1/participants', { user_ids: [1] }],
  ['DELETE', '/chat/1/participants/1', undefined],
  ['PATCH', '/chat/1/participants/1', { role: 'admin' }],
  ['POST', '/chat/1/invite-links', {}],
  ['GET', '/chat/1/invite-links', undefined],
  ['DELETE', '/chat/1/invite-links/1', undefined],
  ['POST', '/invite/preview', { token: 'x'.repeat(24) }],
  ['POST', '/invite/join', { token: 'x'.repeat(24) }],
  ['GET', '/chats/public', undefined],
  ['POST', '/chat/1/join', undefined],
  ['PUT', '/chat/1/participants/1/restriction', { reason: 'x' }],
  ['DELETE', '/chat/1/participants/1/restriction', undefined],
  ['GET', '/chat/1/restrictions', undefined],
  ['PUT', '/chat/1/participants/1/shadow', { reason: 'x' }],
  ['DELETE', '/chat/1/participants/1/shadow', undefined],
  ['GET', '/chat/1/shadows', undefined],
  ['PUT', '/chat/1/bans/1', { reason: 'x' }],
  ['DELETE', '/chat/1/bans/1', undefined],
  ['GET', '/chat/1/bans', undefined],
  ['GET', '/chat/1/join-requests', undefined],
  ['PUT', '/chat/1/join-requests/1', undefined],
  ['DELETE', '/chat/1/join-requests/1', undefined],
  ['POST', '/chat/1/read', { message_id: 1 }],
  ['POST', '/chat/1/message', { contents: 'x' }],
  ['GET', '/chat/1/messages', undefined],
  ['GET', '/message/1', undefined],
  ['PATCH', '/message/1', { contents: 'x' }],
  ['DELETE', '/message/1', undefined],
  ['GET', '/message/1/reactions', undefined],
  ['PUT', '/message/1/reactions/:x:', undefined],
  ['DELETE', '/message/1/reactions/:x:', undefined],
  ['GET', '/chat/1/pins', undefined],
  ['PUT', '/message/1/pin', {}],
  ['DELETE', '/message/1/pin', undefined],
  ['POST', '/chat/1/forward', { message_id: 1 }],
  ['GET', '/message/1/source', undefined],
  ['GET', '/message/1/poll', undefined],
  ['PUT', '/message/1/poll/votes', { option_ids: [1] }],
  ['POST', '/message/1/poll/options', { text: 'x' }],
  ['POST', '/message/1/poll/close', undefined],
  ['GET', '/message/1/poll/options/1/voters', undefined],
  ['GET', '/user/threads', undefined],
  ['GET', '/message/1/receipts', undefined],
  ['POST', '/chat/1/delivered', { message_id: 1 }],
  ['GET', '/message/1/versions', undefined],
  ['GET', '/message/1/thread', undefined],
  ['PUT', '/message/1/thread/follow', undefined],
  ['DELETE', '/message/1/thread/follow', undefined],
  ['PUT', '/message/1/thread/read', { message_id: 1 }],
  ['POST', '/sync', { epoch: null, chats: {} }],
  ['GET', '/events', undefined],
  ['GET', '/admin/users', undefined],
  ['GET', '/admin/users/1', undefined],
  ['POST', '/admin/users/1/suspend', { reason: 'x' }],
  ['POST', '/admin/users/1/restore', undefined],
  ['POST', '/admin/users/1/logout', undefined],
  ['GET', '/admin/audit-log', undefined],
] as const;

const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

function forge(header: unknown, payload: unknown, secret: string, hash = 'sha256'): string {
  const signed = `${base64url(header)}.${base64url(payload)}`;
  return `${signed}.${createHmac(hash, secret).update(signed).digest('base64url')}`;
}

const HS256 = { alg: 'HS256', typ: 'JWT' };
const secret = TEST_CONFIG.jwt.secret;
const now = () => Math.floor(Date.now() / 1000);
const later = () => now() + 60;

function claiming(id: number, claims: object, header: object = HS256): string {
  return `Bearer ${forge(header, { sub: String(id), exp: later(), ...claims }, secret)}`;
}

describe('a request that needs a token', () => {
  it('is one that openapi.json says needs one', () => {
    const { paths } = test.app.swagger() as unknown as {
      paths: Record<string, Record<string, { security: object[] }>>;
    };
    const secured = Object.values(paths)
      .flatMap((operations) => Object.values(operations))
      .filter(({ security }) => security.some((scheme) => 'bearer' in scheme));
    expect(secured).toHaveLength(REQUESTS.length);
  });

  describe.each(REQUESTS)('%s %s', (method, url, body) => {
    it('is refused without one, before its body is looked at', async () => {
      const answer = await call(test, method, url, body && { body: { nonsense: true } });
      expectError(answer, 401, 'NOT_AUTHORIZED');
      expect(answer.headers['www-authenticate']).toBe('Bearer');
    });

    it('is refused when the user of the token is gone', async () => {
      const user = await register(test);
      await test.db.user.delete({ where: { id: BigInt(user.id) } });
      expectError(await call(test, method, url, { token: user.token, body }), 401, 'NOT_AUTHORIZED');
    });
  });
});

describe('GET /ws', () => {
  it('takes a token or none, for it may come in the first frame, but no wrong one', async () => {
    const { token } = await register(test);
    expectError(await call(test, 'GET', '/ws'), 426, 'UPGRADE_REQUIRED');
    expectError(await call(test, 'GET', '/ws', { token }), 426, 'UPGRADE_REQUIRED');
    expectError(await call(test, 'GET', '/ws', { token: `${token}x` }), 401, 'NOT_AUTHORIZED');
  });
});

describe('a token', () => {
  const me = (authorization: string) => call(test, 'GET', '/user/me', { headers: { authorization } });

  it('is taken as Bearer, however that is written', async () => {
    const { token } = await register(test);
    for (const scheme of ['Bearer', 'bearer', 'BEARER']) expect((await me(`${scheme} ${token}`)).status).toBe(200);
  });

  it('is refused once it has expired, also when it was taken before', async () => {
    const user = await register(test);
    const token = forge(HS256, { sub: String(user.id), exp: now() + 2 }, secret);
    expect((await me(`Bearer ${token}`)).status).toBe(200);
    expect((await me(`Bearer ${token}`)).status).toBe(200);
    await expect.poll(async () => (await me(`Bearer ${token}`)).status, { timeout: 5000 }).toBe(401);
  });

  it('is taken when it ends at a fraction of a second', async () => {
    const user = await register(test);
    const token = forge(HS256, { sub: String(user.id), exp: later() + 0.123_456_7 }, secret);
    for (let count = 0; count < 2; count++) expect((await me(`Bearer ${token}`)).status).toBe(200);
  });

  it('is refused when but its end differs from one that was taken', async () => {
    const { token } = await register(test);
    expect((await me(`Bearer ${token}`)).status).toBe(200);
    expectError(await me(`Bearer ${token}x`), 401, 'NOT_AUTHORIZED');
    expectError(await me(`Bearer ${token.slice(0, -1)}`), 401, 'NOT_AUTHORIZED');
  });

  it('signed here by hand is taken: the forgeries below fail for what they are', async () => {
    const user = await register(test);
    const token = forge(HS256, { sub: String(user.id), exp: later() }, secret);
    expect((await me(`Bearer ${token}`)).status).toBe(200);
  });

  it.each<[string, object, object?]>([
    ['no type', {}, { alg: 'HS256' }],
    ['its full type', {}, { alg: 'HS256', typ: 'application/at+jwt' }],
    ['its issuer and audience', { iss: 'messenger-backend', aud: 'messenger-backend' }],
    ['its audience among others', { aud: ['another-service', 'messenger-backend'] }],
  ])('with %s is taken', async (_what, claims, header) => {
    const { id } = await register(test);
    expect((await me(claiming(id, claims, header))).status).toBe(200);
  });

  it('of the secret before is taken while that is replaced, and not afterwards', async () => {
    const user = await register(test);
    const [before, after] = ['the secret that is being replaced', 'the secret that comes in its place'];
    const replacing = await test.another({ jwt: { secret: after, previousSecret: before, ttlSeconds: 60 } });
    const replaced = await test.another({ jwt: { secret: after, previousSecret: undefined, ttlSeconds: 60 } });
    const ask = async (target: typeof replaced, signedWith: string) => {
      const token = forge(HS256, { sub: String(user.id), exp: later() }, signedWith);
      return (await call(target, 'GET', '/user/me', { token })).status;
    };
    expect(await ask(replacing, before)).toBe(200);
    expect(await ask(replacing, after)).toBe(200);
    expect(await ask(replacing, 'neither of the two secrets, but another')).toBe(401);
    expect(await ask(replaced, before)).toBe(401);
    const made = replacing.app.createAccessToken(user.id);
    expect((await call(replaced, 'GET', '/user/me', { token: made })).status).toBe(200);
  });

  it.each<[string, (id: number) => string]>([
    ['nothing', () => ''],
    ['no scheme', (id) => forge(HS256, { sub: String(id), exp: later() }, secret)],
    ['another scheme', () => 'Basic YWRhOmFkYQ=='],
    ['no token', () => 'Bearer '],
    ['two tokens', (id) => `Bearer ${forge(HS256, { sub: String(id), exp: later() }, secret)} more`],
    ['nonsense', () => 'Bearer a.b.c'],
    ['another secret', (id) => `Bearer ${forge(HS256, { sub: String(id), exp: later() }, 'another secret')}`],
    ['no signature', (id) => `Bearer ${base64url({ alg: 'none' })}.${base64url({ sub: String(id), exp: later() })}.`],
    ['HS512', (id) => `Bearer ${forge({ alg: 'HS512' }, { sub: String(id), exp: later() }, secret, 'sha512')}`],
    ['an end that has passed', (id) => `Bearer ${forge(HS256, { sub: String(id), exp: now() - 1 }, secret)}`],
    ['no end', (id) => `Bearer ${forge(HS256, { sub: String(id) }, secret)}`],
    ['no user', () => `Bearer ${forge(HS256, { exp: later() }, secret)}`],
    ['a user as number', (id) => `Bearer ${forge(HS256, { sub: id, exp: later() }, secret)}`],
    ['a user that is no id', () => `Bearer ${forge(HS256, { sub: "1' or '1", exp: later() }, secret)}`],
    ['a user beyond all ids', () => `Bearer ${forge(HS256, { sub: '9999999999999999', exp: later() }, secret)}`],
    ['another issuer', (id) => claiming(id, { iss: 'somebody-else' })],
    ['another audience', (id) => claiming(id, { aud: 'another-service' })],
    ['audiences of which none is this', (id) => claiming(id, { aud: ['one', 'another'] })],
    ['another type in its header', (id) => claiming(id, {}, { ...HS256, typ: 'refresh+jwt' })],
    ['a type that is no text', (id) => claiming(id, {}, { ...HS256, typ: 7 })],
    ['another type among its claims', (id) => claiming(id, { typ: 'refresh' })],
    ['a user 0', () => `Bearer ${forge(HS256, { sub: '0', exp: later() }, secret)}`],
  ])('with %s is refused', async (_what, authorization) => {
    const { id } = await register(test);
    expectError(await me(authorization(id)), 401, 'NOT_AUTHORIZED');
  });
});
