import { describe, expect, it } from 'vitest';
import { useApp } from '../../support/app.js';
import { call, expectError, register, uniqueName } from '../../support/client.js';
import { Host } from '../../support/host.js';

const test = useApp();

const scopes = { errors: { scope: expect.any(String) } };

describe('an API key', () => {
  it('is shown once, and only its hash is kept', async () => {
    const host = await Host.of(test);
    const { status, body } = await host.post('/server/keys', { name: 'shop', scopes: ['users:read', 'users:read'] });
    expect(status).toBe(200);
    expect(body.key).toMatch(/^mk_[0-9A-Za-z]{8}_[0-9A-Za-z]{40,43}$/);
    expect(body.api_key).toEqual({
      ...{ id: expect.any(Number), prefix: body.key.slice(0, 11), name: 'shop', scopes: ['users:read'] },
      ...{ allowed_cidrs: [], created_at: expect.any(String), expires_at: null, revoked_at: null, last_used_at: null },
    });
    const stored = await test.db.apiKey.findUniqueOrThrow({ where: { id: BigInt(body.api_key.id) } });
    expect(JSON.stringify(stored, (_name, value) => (typeof value === 'bigint' ? Number(value) : value))).not.toContain(
      body.key.slice(12),
    );
    expect(stored.created_by).toBe(BigInt(host.keyId));
    const { api_keys } = (await host.get('/server/keys')).body;
    expect(api_keys).toContainEqual(body.api_key);
    expect(JSON.stringify(api_keys)).not.toContain(body.key.slice(12));
  });

  it('opens what its scopes name, and nothing else', async () => {
    const { external_id } = await user(await Host.of(test));
    const reader = await Host.of(test, ['users:read']);
    expect((await reader.get(`/server/users/ext:${external_id}`)).status).toBe(200);
    expectError(await reader.put(`/server/users/ext:${external_id}`, {}), 403, 'SCOPE_REQUIRED', scopes);
    expectError(await reader.get('/server/keys'), 403, 'SCOPE_REQUIRED', scopes);
    expectError(await reader.post(`/server/users/ext:${external_id}/token`, {}), 403, 'SCOPE_REQUIRED', scopes);
    expectError(await reader.as(`ext:${external_id}`, 'GET', '/user/me'), 403, 'SCOPE_REQUIRED', scopes);
  });

  it('is no token of a user, nor is a token a key', async () => {
    const [host, ada] = [await Host.of(test), await register(test)];
    expectError(await host.get('/user/me'), 403, 'ACT_AS_REQUIRED');
    expectError(await ada.get('/server/keys'), 401, 'NOT_AUTHORIZED');
    expectError(await call(test, 'GET', '/server/keys'), 401, 'NOT_AUTHORIZED');
    expectError(await host.get('/events'), 401, 'NOT_AUTHORIZED');
  });

  it('is refused in a browser, also when it is right', async () => {
    const host = await Host.of(test);
    const origin = { origin: 'https://example.com' };
    expectError(await host.ask('GET', '/server/keys', undefined, origin), 403, 'SECRET_IN_BROWSER');
  });

  it('that is made up, of another form, or has ended is nobody', async () => {
    const { key } = await Host.of(test);
    const wrong = key.slice(0, -1) + (key.endsWith('a') ? 'b' : 'a');
    for (const token of [wrong, key.slice(0, -4), 'mk_', `${key}x`.repeat(3)])
      expectError(await call(test, 'GET', '/server/keys', { token }), 401, 'NOT_AUTHORIZED');
    const ended = await Host.of(test, ['admin'], { expires_at: new Date(Date.now() + 60_000).toISOString() });
    await test.db.apiKey.update({ where: { id: BigInt(ended.keyId) }, data: { expires_at: new Date() } });
    expectError(await ended.get('/server/keys'), 401, 'NOT_AUTHORIZED');
  });

  it('that is revoked ends within a second', async () => {
    const [host, other] = [await Host.of(test), await Host.of(test)];
    expect((await other.get('/server/keys')).status).toBe(200);
    expect(await host.delete(`/server/keys/${other.keyId}`)).toMatchObject({ status: 200, body: { success: true } });
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expectError(await other.get('/server/keys'), 401, 'NOT_AUTHORIZED');
    expect((await host.delete(`/server/keys/${other.keyId}`)).status).toBe(200);
    expectError(await host.delete('/server/keys/2000000000'), 404, 'API_KEY_NOT_FOUND');
  });

  it('is good in its networks alone', async () => {
    const here = await Host.of(test, ['admin'], { allowed_cidrs: ['127.0.0.0/8', '::1/128'] });
    const elsewhere = await Host.of(test, ['admin'], { allowed_cidrs: ['192.0.2.0/24', '2001:db8::/32'] });
    expect((await here.get('/server/keys')).status).toBe(200);
    expectError(await elsewhere.get('/server/keys'), 403, 'ADDRESS_NOT_ALLOWED');
  });

  it('says when it was last used', async () => {
    const host = await Host.of(test);
    const { api_keys } = (await host.get('/server/keys')).body;
    const { last_used_at } = api_keys.find(({ id }: { id: number }) => id === host.keyId);
    expect(Date.now() - Date.parse(last_used_at)).toBeLessThan(60_000);
  });

  it.each([
    ['name', { name: ' ', scopes: ['admin'] }],
    ['scopes', { name: 'x', scopes: [] }],
    ['scopes', { name: 'x', scopes: ['everything'] }],
    ['allowed_cidrs', { name: 'x', scopes: ['admin'], allowed_cidrs: ['192.0.2.1'] }],
    ['allowed_cidrs', { name: 'x', scopes: ['admin'], allowed_cidrs: ['anywhere/0'] }],
    ['expires_at', { name: 'x', scopes: ['admin'], expires_at: '2020-01-01T00:00:00Z' }],
    ['expires_at', { name: 'x', scopes: ['admin'], expires_at: 'soon' }],
    ['expires_at', { name: 'x', scopes: ['admin'], expires_at: '9999-12-31T23:59:59-23:59' }],
  ])('is not made with a wrong %s: %j', async (field, body) => {
    const host = await Host.of(test);
    const errors = { errors: { [field]: expect.any(String) } };
    expectError(await host.post('/server/keys', body), 422, 'VALIDATION_ERROR', errors);
  });
});

async function user(host: Host): Promise<{ id: number; external_id: string }> {
  const external_id = uniqueName();
  const { status, body } = await host.put(`/server/users/ext:${external_id}`, {});
  expect(status).toBe(200);
  return { id: body.user.id, external_id };
}

describe('Act-As', () => {
  it('asks as the user, by the id of the host or by the one here', async () => {
    const host = await Host.of(test, ['act_as', 'users:write']);
    const { id, external_id } = await user(host);
    for (const ref of [`ext:${external_id}`, String(id)])
      expect((await host.as(ref, 'GET', '/user/me')).body).toMatchObject({ id, external_id });
    const bob = await register(test);
    const { body: chat } = await host.as(`ext:${external_id}`, 'POST', '/chat/private/create', {
      with_user_id: bob.id,
    });
    const sent = await host.as(`ext:${external_id}`, 'POST', `/chat/${chat.id}/message`, { contents: 'hello' });
    expect(sent).toMatchObject({ status: 200, body: { author_id: id } });
  });

  it('takes an id of other letters as a path has it', async () => {
    const host = await Host.of(test);
    const external_id = `Größe 大小/${uniqueName()}`;
    const ref = `ext:${encodeURIComponent(external_id)}`;
    const { body } = await host.put(`/server/users/${ref}`, { name: 'x' });
    expect(body.user.external_id).toBe(external_id);
    expect((await host.as(ref, 'GET', '/user/me')).body.id).toBe(body.user.id);
  });

  it.each(['ext:nobody at all', '2000000000', '9007199254740993', 'ext:', 'nonsense', 'ext:%00', '%', '0', ''])(
    'knows nobody by %j',
    async (ref) => {
      const host = await Host.of(test);
      expectError(await host.as(ref, 'GET', '/user/me'), 404, 'USER_NOT_FOUND');
    },
  );

  it('means nothing with a token of a user', async () => {
    const [ada, bob] = [await register(test), await register(test)];
    const headers = { 'act-as': String(bob.id) };
    expect((await call(test, 'GET', '/user/me', { token: ada.token, headers })).body.id).toBe(ada.id);
  });
});
