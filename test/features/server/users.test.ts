import { describe, expect, it } from 'vitest';
import { useApp } from '../../support/app.js';
import { call, expectError, register, uniqueName } from '../../support/client.js';
import { Host } from '../../support/host.js';

const test = useApp();

const PROFILE = {
  name: 'Ada Lovelace',
  avatar_url: 'https://example.com/ada.png',
  bio: 'Counting on engines.',
  custom: { color: 'green' },
  trusted: { verified: true },
  internal: { plan: 'pro' },
};

async function someUser(profile: object = PROFILE) {
  const host = await Host.of(test);
  const external_id = uniqueName();
  const path = `/server/users/ext:${external_id}`;
  const { body } = await host.put(path, profile);
  return { host, external_id, path, user: body.user };
}

describe('PUT /server/users/{user}', () => {
  it('makes a user who needs neither email nor password', async () => {
    const host = await Host.of(test);
    const external_id = uniqueName();
    const { status, body } = await host.put(`/server/users/ext:${external_id}`, PROFILE);
    expect(status).toBe(200);
    expect(body).toEqual({
      outcome: 'created',
      user: {
        ...PROFILE,
        ...{ id: expect.any(Number), created_at: expect.any(String), updated_at: expect.any(String) },
        ...{ username: expect.stringMatching(/^u[0-9a-f]{16}$/), email: '', email_confirmed: false },
        ...{
          accepts_messages: 'everybody',
          findable: true,
          shows_last_seen: true,
          shows_receipts: true,
          locale: null,
          teams: [],
        },
        notifications: 'all',
        ...{ external_id, private: {}, version: 0, role: 'user', two_factor: false },
        ...{ suspended_at: null, suspension_reason: null },
      },
    });
    expect((await host.get(`/server/users/${body.user.id}`)).body).toEqual(body.user);
    const login = { usernameOrEmail: body.user.username, password: 'anything at all' };
    expectError(await call(test, 'POST', '/login', { body: login }), 400, 'WRONG_CREDENTIALS');
  });

  it('replaces what is there, and changes nothing when it is the same', async () => {
    const { host, path, user } = await someUser();
    expect((await host.put(path, PROFILE)).body).toEqual({ outcome: 'unchanged', user });
    const { body } = await host.put(path, { name: 'Ada', custom: { a: 1 } });
    expect(body).toMatchObject({
      outcome: 'updated',
      user: {
        ...{ id: user.id, username: user.username, name: 'Ada', avatar_url: null, bio: null },
        ...{ custom: { a: 1 }, trusted: {}, internal: {} },
      },
    });
  });

  it('makes one user of many requests at once', async () => {
    const host = await Host.of(test);
    const path = `/server/users/ext:${uniqueName()}`;
    const answers = await Promise.all(Array.from({ length: 12 }, () => host.put(path, { name: 'Ada' })));
    expect(new Set(answers.map(({ body }) => body.user.id)).size).toBe(1);
    expect(answers.map(({ body }) => body.outcome).sort()).toEqual(['created', ...Array(11).fill('unchanged')]);
  });

  it('changes, but never makes, a user by the id here', async () => {
    const { host, user } = await someUser();
    expect((await host.put(`/server/users/${user.id}`, { name: 'Ada' })).body).toMatchObject({ outcome: 'updated' });
    expectError(await host.put('/server/users/2000000000', {}), 404, 'USER_NOT_FOUND');
  });

  it('takes an id of 255 characters of any script, and tells case apart', async () => {
    const host = await Host.of(test);
    const long = uniqueName().padEnd(255, '大');
    for (const id of [long, uniqueName(), `${uniqueName()}?a=b&c#d%`, '🙂'.repeat(200) + uniqueName()]) {
      const { status, body } = await host.put(`/server/users/ext:${encodeURIComponent(id)}`, {});
      expect(status).toBe(200);
      expect(body.user.external_id).toBe(id);
    }
    const lower = uniqueName();
    const ids = await Promise.all(
      [lower, lower.toUpperCase()].map(async (id) => (await host.put(`/server/users/ext:${id}`, {})).body.user.id),
    );
    expect(ids[0]).not.toBe(ids[1]);
    const errors = { errors: { user: expect.any(String) } };
    expectError(
      await host.put(`/server/users/ext:${encodeURIComponent(`${long}x`)}`, {}),
      422,
      'VALIDATION_ERROR',
      errors,
    );
    expectError(await host.put('/server/users/ext:%00', {}), 422, 'VALIDATION_ERROR', errors);
  });

  it('refuses a username or email that another has, and then keeps nothing', async () => {
    const [ada, { host, path, user }] = [await register(test), await someUser()];
    const taken = { errors: { username: expect.any(String), email: expect.any(String) } };
    const names = { username: ada.username.toUpperCase(), email: ada.email.toUpperCase(), name: 'x' };
    expectError(await host.put(path, names), 400, 'USER_EXISTS', taken);
    expect((await host.get(path)).body).toEqual(user);
    const unknown = `/server/users/ext:${uniqueName()}`;
    expectError(await host.put(unknown, names), 400, 'USER_EXISTS', taken);
    expectError(await host.get(unknown), 404, 'USER_NOT_FOUND');
  });

  it('vouches for the email that it gives', async () => {
    const email = `${uniqueName()}@Example.com`;
    const { user } = await someUser({ email });
    expect(user).toMatchObject({ email: email.toLowerCase(), email_confirmed: true });
  });
});

describe('PATCH /server/users/{user}', () => {
  it('changes what is given, and what others see in their chats', async () => {
    const { host, path, user } = await someUser();
    const bob = await register(test);
    const chatId = (await host.as(String(user.id), 'POST', '/chat/private/create', { with_user_id: bob.id })).body.id;
    const { body } = await host.patch(path, {
      name: null,
      custom: { color: null, size: 3 },
      internal: { plan: 'free' },
    });
    expect(body).toEqual({
      outcome: 'updated',
      user: {
        ...user,
        ...{ name: user.username, custom: { size: 3 }, internal: { plan: 'free' } },
        ...{ version: expect.any(Number), updated_at: expect.any(String) },
      },
    });
    const { version } = body.user;
    expect((await bob.get(`/chat/${chatId}`)).body.peer).toMatchObject({ name: user.username, version });
    expectError(await host.patch(path, { name: 'x', if_version: version - 1 }), 409, 'CHANGED_MEANWHILE');
  });

  it('shows nobody else what is internal', async () => {
    const { host, user } = await someUser();
    const bob = await register(test);
    expect((await bob.get(`/user/${user.id}`)).body).not.toHaveProperty('internal');
    expect((await host.as(String(user.id), 'GET', '/user/me')).body).not.toHaveProperty('internal');
  });
});

describe('POST /server/users/batch', () => {
  it('makes and changes a hundred, each by itself', async () => {
    const [host, ada] = [await Host.of(test), await register(test)];
    const ids = Array.from({ length: 98 }, uniqueName);
    const users = ids.map((external_id, index) => ({ external_id, name: `user ${index}` }));
    const first = await host.post('/server/users/batch', { users: users.slice(0, 50) });
    expect(first.status).toBe(200);
    const bad = { external_id: uniqueName(), username: ada.username };
    const large = { external_id: uniqueName(), custom: { a: 'x'.repeat(4096) } };
    const renamed = users.map((user, index) => (index === 7 ? { ...user, name: 'another' } : user));
    const { results } = (await host.post('/server/users/batch', { users: [bad, ...renamed, large] })).body;
    expect(results).toHaveLength(100);
    const errors = { username: expect.any(String) };
    expect(results[0]).toEqual({
      ...{ external_id: bad.external_id, outcome: 'error' },
      error: { code: 'USER_EXISTS', message: expect.any(String), errors },
    });
    expect(results[99]).toMatchObject({ outcome: 'error', error: { code: 'VALIDATION_ERROR' } });
    const outcomes = results.slice(1, 99).map(({ outcome }: { outcome: string }) => outcome);
    expect(outcomes).toEqual(ids.map((_id, index) => (index === 7 ? 'updated' : index < 50 ? 'unchanged' : 'created')));
    expect(results.slice(1, 99).map((item: { external_id: string }) => item.external_id)).toEqual(ids);
    expectError(await host.get(`/server/users/ext:${large.external_id}`), 404, 'USER_NOT_FOUND');
  });

  it('makes one of a user who is named twice', async () => {
    const [host, external_id] = [await Host.of(test), uniqueName()];
    const users = Array.from({ length: 5 }, () => ({ external_id, name: 'Ada' }));
    const { results } = (await host.post('/server/users/batch', { users })).body;
    expect(new Set(results.map(({ user }: { user: { id: number } }) => user.id)).size).toBe(1);
  });

  it('takes no more than a hundred, and no user without an id', async () => {
    const host = await Host.of(test);
    const users = Array.from({ length: 101 }, () => ({ external_id: uniqueName() }));
    const errors = { errors: { users: expect.any(String) } };
    expectError(await host.post('/server/users/batch', { users }), 422, 'VALIDATION_ERROR', errors);
    expectError(await host.post('/server/users/batch', { users: [{ name: 'x' }] }), 422, 'VALIDATION_ERROR', errors);
  });
});

describe('POST /server/users/{user}/token', () => {
  it('makes a token that is good as long as it says', async () => {
    const { host, path, user } = await someUser();
    const { status, body } = await host.post(`${path}/token`, { ttl: 60 });
    expect(status).toBe(200);
    expect(body).toEqual({ access_token: expect.any(String), token_type: 'bearer', expires_at: expect.any(String) });
    const left = Date.parse(body.expires_at) - Date.now();
    expect(left).toBeGreaterThan(50_000);
    expect(left).toBeLessThanOrEqual(60_000);
    const me = await call(test, 'GET', '/user/me', { token: body.access_token });
    expect(me.body).toMatchObject({ id: user.id, external_id: user.external_id });
    const [, payload = ''] = body.access_token.split('.');
    expect(JSON.parse(String(Buffer.from(payload, 'base64url'))).exp * 1000).toBe(Date.parse(body.expires_at));
  });

  it('is for users who are there, and for an hour by itself', async () => {
    const { host, path } = await someUser();
    expectError(await host.post(`/server/users/ext:${uniqueName()}/token`, {}), 404, 'USER_NOT_FOUND');
    const { expires_at } = (await host.post(`${path}/token`, {})).body;
    expect(Math.abs(Date.parse(expires_at) - Date.now() - 3_600_000)).toBeLessThan(10_000);
    for (const ttl of [59, 86_401, 1.5])
      expectError(await host.post(`${path}/token`, { ttl }), 422, 'VALIDATION_ERROR', {
        errors: { ttl: expect.any(String) },
      });
  });
});
