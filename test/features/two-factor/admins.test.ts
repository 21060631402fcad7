import { describe, expect, it } from 'vitest';
import { registerAdmin } from '../../support/admins.js';
import { useApp } from '../../support/app.js';
import { protect } from '../../support/authenticator.js';
import { PASSWORD, Person, call, expectError, register } from '../../support/client.js';
import { Host } from '../../support/host.js';

const test = useApp({ twoFactor: { issuer: 'Ada: & Co', isRequiredOfAdmins: true } });

const as = ({ id, username, email }: Person, token: string) => new Person(test, id, username, email, token);
const remove = (person: Person, userId: number) => person.post(`/admin/users/${userId}/two-factor/remove`, undefined);

describe('ADMIN_TWO_FACTOR=required', () => {
  it('refuses admins without a second factor, and no one else', async () => {
    const [admin, ada] = [await registerAdmin(test), await register(test)];
    for (const url of ['/admin/users', `/admin/users/${ada.id}`, '/admin/audit-log'])
      expectError(await admin.get(url), 403, 'TWO_FACTOR_REQUIRED');
    expectError(await remove(admin, ada.id), 403, 'TWO_FACTOR_REQUIRED');
    expectError(await ada.get('/admin/users'), 403, 'ADMIN_REQUIRED');
    expect((await admin.get('/user/me')).status).toBe(200);
    expect((await (await Host.of(test)).get('/admin/users')).status).toBe(200);

    const { token, recoveryCodes } = await protect(admin);
    const here = as(admin, token);
    expect((await here.get('/admin/users')).status).toBe(200);
    await here.post('/user/two-factor/remove', { password: PASSWORD, code: recoveryCodes[0] });
    expectError(await here.get('/admin/users'), 403, 'TWO_FACTOR_REQUIRED');
  });

  it('is off by default', async () => {
    const admin = await registerAdmin(test);
    const other = await test.another({});
    expect((await call(other, 'GET', '/admin/users', { token: admin.token })).status).toBe(200);
  });
});

describe('POST /admin/users/{user_id}/two-factor/remove', () => {
  it('lets the user log in with the password alone', async () => {
    const [admin, ada] = [await registerAdmin(test), await register(test)];
    const boss = as(admin, (await protect(admin)).token);
    const { token } = await protect(ada);
    const logIn = () => call(test, 'POST', '/login', { body: { usernameOrEmail: ada.username, password: PASSWORD } });
    expectError(await logIn(), 403, 'SECOND_FACTOR_REQUIRED');
    for (let index = 0; index < 2; index += 1)
      expect(await remove(boss, ada.id)).toMatchObject({ status: 200, body: { success: true } });
    expect((await logIn()).status).toBe(200);
    expect((await as(ada, token).get('/user/me')).body.two_factor).toBe(false);
    const entries = await test.db.auditLog.findMany({
      where: { user_id: BigInt(ada.id), action: 'two_factor.turned_off' },
    });
    expect(entries).toMatchObject([{ actor_type: 'user', actor_id: BigInt(admin.id) }]);

    const host = await Host.of(test);
    await protect(ada.token === token ? ada : as(ada, token));
    expect((await host.post(`/admin/users/${ada.id}/two-factor/remove`, undefined)).status).toBe(200);
    expect((await logIn()).status).toBe(200);
  });

  it('is for admins alone, for others than themselves, and for users who exist', async () => {
    const [admin, ada] = [await registerAdmin(test), await register(test)];
    const boss = as(admin, (await protect(admin)).token);
    expectError(await remove(boss, admin.id), 403, 'OWN_ACCOUNT');
    expectError(await remove(boss, 9_007_199_254_740_991), 404, 'USER_NOT_FOUND');
    expectError(await remove(ada, ada.id), 403, 'ADMIN_REQUIRED');
    expectError(await call(test, 'POST', `/admin/users/${ada.id}/two-factor/remove`), 401, 'NOT_AUTHORIZED');
    expect((await boss.get('/user/me')).body.two_factor).toBe(true);
  });
});

it('names the application, whatever it is called', async () => {
  const ada = await register(test);
  const uri = new URL((await ada.post('/user/two-factor', { password: PASSWORD })).body.uri);
  expect(uri.searchParams.get('issuer')).toBe('Ada  & Co');
  expect(decodeURIComponent(uri.pathname)).toBe(`/Ada  & Co:${ada.username}`);
});
