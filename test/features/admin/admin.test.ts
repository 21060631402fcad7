import { describe, expect, it } from 'vitest';
import { registerAdmin } from '../../support/admins.js';
import { PASSWORD, call, expectError, register, uniqueName } from '../../support/client.js';
import { Host } from '../../support/host.js';
import { useApp } from '../../support/app.js';

const test = useApp();

const REQUESTS = [
  ['GET', '/admin/users'],
  ['GET', '/admin/users/1'],
  ['POST', '/admin/users/1/suspend'],
  ['POST', '/admin/users/1/restore'],
  ['POST', '/admin/users/1/logout'],
  ['POST', '/admin/users/1/two-factor/remove'],
  ['GET', '/admin/audit-log'],
] as const;

describe.each(REQUESTS)('%s %s', (method, url) => {
  const body = url.endsWith('suspend') ? { reason: 'x' } : undefined;
  const as = (token?: string, headers = {}) => call(test, method, url, { token, body, headers });

  it('is for admins and keys with the scope admin alone', async () => {
    expectError(await as(), 401, 'NOT_AUTHORIZED');
    expectError(await as('x'), 401, 'NOT_AUTHORIZED');
    expectError(await as((await register(test)).token), 403, 'ADMIN_REQUIRED');
    const scopes = ['users:read', 'users:write', 'tokens:mint', 'act_as'] as const;
    for (const scope of [...scopes, 'chats:read', 'chats:write', 'messages:write'] as const)
      expectError(await as((await Host.of(test, [scope])).key), 403, 'ADMIN_REQUIRED');
    const admin = await registerAdmin(test);
    const actAs = await Host.of(test, ['act_as', 'tokens:mint', 'users:write']);
    expectError(await as(actAs.key, { 'act-as': String(admin.id) }), 403, 'ADMIN_REQUIRED');
    for (const token of [admin.token, (await Host.of(test)).key])
      expect([200, 404]).toContain((await as(token)).status);
  });
});

describe('the role', () => {
  it('is shown to the user and the host application, and counts no longer than it lasts', async () => {
    const [admin, host] = [await registerAdmin(test), await Host.of(test)];
    const role = async (value: 'user' | 'admin') => {
      await test.db.user.update({ where: { id: BigInt(admin.id) }, data: { role: value } });
      expect((await admin.get('/user/me')).body.role).toBe(value);
      expect((await host.get(`/server/users/${admin.id}`)).body.role).toBe(value);
    };
    await role('admin');
    expect((await admin.get('/admin/users')).status).toBe(200);
    await role('user');
    expectError(await admin.get('/admin/users'), 403, 'ADMIN_REQUIRED');
    await test.db.user.delete({ where: { id: BigInt(admin.id) } });
    expectError(await admin.get('/admin/users'), 401, 'NOT_AUTHORIZED');
  });

  it('is not to be had by a token that a key makes', async () => {
    const [admin, ada, minter] = [
      await registerAdmin(test),
      await register(test),
      await Host.of(test, ['tokens:mint']),
    ];
    const scope = { errors: { scope: expect.any(String) } };
    expectError(await minter.post(`/server/users/${admin.id}/token`, {}), 403, 'SCOPE_REQUIRED', scope);
    expect((await minter.post(`/server/users/${ada.id}/token`, {})).status).toBe(200);
    expect((await (await Host.of(test)).post(`/server/users/${admin.id}/token`, {})).status).toBe(200);
  });

  it('keep their e-mail address, to which a mail for another password would go, from keys of less', async () => {
    const [admin, writer, host] = [
      await registerAdmin(test),
      await Host.of(test, ['users:write']),
      await Host.of(test),
    ];
    const email = `${uniqueName()}@example.com`;
    const scope = { errors: { scope: expect.any(String) } };
    expectError(await writer.patch(`/server/users/${admin.id}`, { email }), 403, 'SCOPE_REQUIRED', scope);
    expectError(await writer.put(`/server/users/${admin.id}`, { email }), 403, 'SCOPE_REQUIRED', scope);
    expect((await admin.get('/user/me')).body.email).toBe(admin.email);
    expect((await writer.patch(`/server/users/${admin.id}`, { name: 'x' })).status).toBe(200);
    expect((await host.patch(`/server/users/${admin.id}`, { email })).status).toBe(200);
  });

  it('is nothing that a user gives themselves', async () => {
    const ada = await register(test);
    expectError(await ada.patch('/user/me', { role: 'admin' }), 422, 'VALIDATION_ERROR', { errors: expect.anything() });
    const host = await Host.of(test, ['users:write']);
    const answer = await host.patch(`/server/users/${ada.id}`, { role: 'admin' });
    expectError(answer, 403, 'SCOPE_REQUIRED', { errors: expect.anything() });
  });
});

describe('GET /admin/users', () => {
  const idsOf = (body: { users: { id: number }[] }) => body.users.map(({ id }) => id);

  it('finds by id, external id, e-mail address, and what a username begins with', async () => {
    const host = await Host.of(test);
    const [ada, externalId] = [await register(test), `customer_${uniqueName()}`];
    const { id } = (await host.put(`/server/users/ext:${externalId}`, {})).body.user;
    const find = async (q: string) => idsOf((await host.get(`/admin/users?q=${encodeURIComponent(q)}`)).body);
    expect(await find(String(ada.id))).toEqual([ada.id]);
    expect(await find(externalId)).toEqual([id]);
    expect(await find(ada.email.toUpperCase())).toEqual([ada.id]);
    expect(await find(ada.username.slice(0, -2).toUpperCase())).toEqual([ada.id]);
    for (const q of [ada.email.slice(1), externalId.slice(0, -1), '%', `${ada.username}%`, "'", '~', '9'.repeat(16)])
      // Other tests have users with odd names of the host application.
      expect((await find(q)).filter((found) => [ada.id, id].includes(found))).toEqual([]);
  });

  it('has pages, and filters', async () => {
    const host = await Host.of(test);
    const prefix = uniqueName().slice(0, 12);
    const people: number[] = [];
    for (let index = 0; index < 5; index++) {
      const { id } = await test.db.user.create({ data: { username: `${prefix}.${index}` } });
      people.unshift(Number(id));
    }
    const found: number[] = [];
    let next: number | null = null;
    do {
      const cursor: string = next === null ? '' : `&cursor=${next}`;
      const { body } = await host.get(`/admin/users?q=${prefix}&limit=2${cursor}`);
      expect(body.count).toBe(body.users.length);
      expect(body.has_more).toBe(body.next !== null);
      found.push(...idsOf(body));
      next = body.next;
    } while (next !== null);
    expect(found).toEqual(people);

    const [one, two] = people as [number, number];
    await host.post(`/admin/users/${one}/suspend`, { reason: 'Spam.' });
    await test.db.user.update({ where: { id: BigInt(two) }, data: { role: 'admin' } });
    const ids = async (filter: string) => idsOf((await host.get(`/admin/users?q=${prefix}&${filter}`)).body);
    expect(await ids('status=suspended')).toEqual([one]);
    expect(await ids('status=active')).toEqual(people.slice(1));
    expect(await ids('role=admin')).toEqual([two]);
    expect(await ids('role=admin&status=suspended')).toEqual([]);
    expect(await ids('role=user&status=active')).toEqual(people.slice(2));
  });

  it.each(['q=', 'q=%00', 'status=x', 'role=owner', 'cursor=x', 'limit=0', 'limit=101', 'cursor=0'])(
    'refuses %s',
    async (query) => {
      const answer = await (await Host.of(test)).get(`/admin/users?${query}`);
      expectError(answer, 422, 'VALIDATION_ERROR', { errors: expect.anything() });
    },
  );
});

describe('GET /admin/users/{user_id}', () => {
  it('has the account and how many sessions there are', async () => {
    const [admin, ada] = [await registerAdmin(test), await register(test)];
    const credentials = { usernameOrEmail: ada.username, password: PASSWORD, session: true };
    await call(test, 'POST', '/login', { body: credentials });
    expect((await admin.get(`/admin/users/${ada.id}`)).body).toEqual({
      ...ada.shown,
      ...{
        bio: null,
        custom: {},
        trusted: {},
        email: ada.email,
        email_confirmed: false,
        role: 'user',
        two_factor: false,
      },
      ...{ created_at: expect.any(String), last_seen_at: null, session_count: 1 },
      ...{ suspended_at: null, suspension_reason: null, suspended_until: null },
    });
    expectError(await admin.get('/admin/users/9007199254740991'), 404, 'USER_NOT_FOUND');
  });
});

describe('POST /admin/users/{user_id}/logout', () => {
  it('ends all sessions and tokens, and the user logs in again', async () => {
    const [admin, ada] = [await registerAdmin(test), await register(test)];
    expect((await admin.post(`/admin/users/${ada.id}/logout`, undefined)).body).toEqual({ success: true });
    expectError(await ada.get('/user/me'), 401, 'NOT_AUTHORIZED', { reason: 'TOKEN_REVOKED' });
    const again = await call(test, 'POST', '/login', { body: { usernameOrEmail: ada.username, password: PASSWORD } });
    expect(again.status).toBe(200);
    for (const act of ['logout', 'restore'])
      expectError(await admin.post(`/admin/users/9007199254740991/${act}`, undefined), 404, 'USER_NOT_FOUND');
    const suspend = (body: object) => admin.post(`/admin/users/${ada.id}/suspend`, body);
    expectError(await admin.post('/admin/users/9007199254740991/suspend', { reason: 'x' }), 404, 'USER_NOT_FOUND');
    for (const body of [{}, { reason: ' ' }, { reason: 'x'.repeat(501) }, { reason: 'x\0' }])
      expectError(await suspend(body), 422, 'VALIDATION_ERROR', { errors: expect.anything() });
  });
});
