import { describe, expect, it } from 'vitest';
import { useApp } from '../../support/app.js';
import { call, expectError, uniqueName } from '../../support/client.js';
import { Host } from '../../support/host.js';

const test = useApp();
const REFUSED = { errors: { scope: expect.any(String) } };

async function mayAdminister(host: Host, path: string): Promise<boolean> {
  const { body } = await host.post(`${path}/token`, {});
  return (await call(test, 'GET', '/admin/users', { token: body.access_token })).status === 200;
}

describe('the role of a user', () => {
  it('is given and taken by a key with the scope admin, and stays when it is not given', async () => {
    const host = await Host.of(test);
    const path = `/server/users/ext:${uniqueName()}`;
    expect((await host.put(path, { name: 'Ada', role: 'admin' })).body.user.role).toBe('admin');
    expect(await mayAdminister(host, path)).toBe(true);
    expect((await host.put(path, { name: 'Ada' })).body).toMatchObject({
      outcome: 'unchanged',
      user: { role: 'admin' },
    });
    expect((await host.patch(path, { role: 'user' })).body).toMatchObject({
      outcome: 'updated',
      user: { role: 'user' },
    });
    expect(await mayAdminister(host, path)).toBe(false);
    const { id } = (await host.get(path)).body;
    const log = await test.db.auditLog.findMany({ where: { user_id: BigInt(id) }, orderBy: { id: 'asc' } });
    const ofRoles = log.filter(({ action }) => action.startsWith('admin.'));
    expect(ofRoles).toMatchObject([
      { action: 'admin.granted', actor_type: 'key', actor_id: BigInt(host.keyId) },
      { action: 'admin.revoked', actor_type: 'key', actor_id: BigInt(host.keyId) },
    ]);
  });

  it('is refused to other keys, at creating, changing and in a batch, and nothing is kept', async () => {
    const [host, weak] = [await Host.of(test), await Host.of(test, ['users:write', 'users:read', 'tokens:mint'])];
    const [known, unknown] = [uniqueName(), uniqueName()];
    const { user } = (await host.put(`/server/users/ext:${known}`, { name: 'Ada' })).body;
    for (const answer of [
      await weak.put(`/server/users/ext:${known}`, { name: 'Eve', role: 'admin' }),
      await weak.patch(`/server/users/${user.id}`, { role: 'admin' }),
      await weak.put(`/server/users/ext:${unknown}`, { role: 'admin' }),
    ]) {
      expectError(answer, 403, 'SCOPE_REQUIRED', REFUSED);
    }
    const batch = await weak.post('/server/users/batch', { users: [{ external_id: unknown, role: 'admin' }] });
    expect(batch.body.results).toMatchObject([{ outcome: 'error', error: { code: 'SCOPE_REQUIRED' } }]);
    expect((await host.get(`/server/users/ext:${known}`)).body).toEqual(user);
    expectError(await host.get(`/server/users/ext:${unknown}`), 404, 'USER_NOT_FOUND');
    // The same role is no change.
    expect((await weak.patch(`/server/users/${user.id}`, { role: 'user' })).body.outcome).toBe('unchanged');
  });

  it('is nothing that users change themselves', async () => {
    const host = await Host.of(test);
    const path = `/server/users/ext:${uniqueName()}`;
    await host.put(path, {});
    const { access_token: token } = (await host.post(`${path}/token`, {})).body;
    const answer = await call(test, 'PATCH', '/user/me', { token, body: { role: 'admin' } });
    expectError(answer, 422, 'VALIDATION_ERROR', { errors: expect.any(Object) });
  });
});
