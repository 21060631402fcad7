import { describe, expect, it } from 'vitest';
import { OPERATOR, audit } from '../../../src/audit/index.js';
import { createAdmin, grantAdmin, revokeAdmin } from '../../../src/features/index.js';
import { registerAdmin } from '../../support/admins.js';
import { PASSWORD, call, expectError, register, uniqueName } from '../../support/client.js';
import { Host } from '../../support/host.js';
import { useApp } from '../../support/app.js';

const test = useApp();

interface Entry {
  readonly id: number;
  readonly action: string;
  readonly actor_type: string;
  readonly actor_id: number | null;
  readonly user_id: number | null;
  readonly details: Record<string, unknown>;
}

/** The newest first. */
async function entries(filter: string): Promise<Entry[]> {
  return (await (await Host.of(test)).get(`/admin/audit-log?${filter}`)).body.entries;
}

/** What was done to the user, the oldest first. */
async function actionsOn(userId: number): Promise<string[]> {
  return (await entries(`user_id=${userId}`)).map(({ action }) => action).reverse();
}

describe('the audit log', () => {
  it('can only be added to, the database says', async () => {
    await audit(test.db, { actor: OPERATOR, action: 'user.updated' });
    const refused = 'The audit log can only be added to.';
    await expect(test.db.$executeRaw`update public.audit_log set action = 'x'`).rejects.toThrow(refused);
    await expect(test.db.$executeRaw`delete from public.audit_log`).rejects.toThrow(refused);
    await expect(test.db.$executeRaw`truncate public.audit_log`).rejects.toThrow(refused);
    await expect(test.db.auditLog.deleteMany({ where: { id: -1n } })).rejects.toThrow(refused);
    expect(await test.db.auditLog.count()).toBeGreaterThan(0);
  });

  it('has what admins do, with who did it and from where', async () => {
    const [admin, ada] = [await registerAdmin(test), await register(test)];
    for (const act of ['suspend', 'restore', 'logout'])
      await admin.post(`/admin/users/${ada.id}/${act}`, act === 'suspend' ? { reason: 'A good reason.' } : undefined);
    const found = await entries(`user_id=${ada.id}`);
    expect(found.map(({ action }) => action)).toEqual(['user.logged_out', 'user.restored', 'user.suspended']);
    for (const entry of found)
      expect(entry).toEqual({
        ...{ id: expect.any(Number), created_at: expect.any(String), action: entry.action, user_id: ada.id },
        ...{ actor_type: 'user', actor_id: admin.id, address: '127.0.0.1' },
        details:
          entry.action === 'user.suspended' ? { reason: 'A good reason.', until: null, delete_messages: 'none' } : {},
      });
  });

  it('has what keys do to users, and nothing where nothing has changed', async () => {
    const host = await Host.of(test);
    const path = `/server/users/ext:${uniqueName()}`;
    const email = `${uniqueName()}@example.com`;
    const { id } = (await host.put(path, { name: 'Ada' })).body.user;
    await host.put(path, { name: 'Ada' });
    await host.patch(path, { email, custom: { plan: 'pro' } });
    await host.post('/server/users/batch', { users: [{ external_id: uniqueName() }] });
    await host.post(`${path}/token`, {});
    await host.post(`${path}/revoke`, {});
    expect(await actionsOn(id)).toEqual(['user.created', 'user.updated', 'tokens.revoked']);
    const [, updated] = await entries(`user_id=${id}`);
    expect(updated).toMatchObject({ actor_type: 'key', actor_id: host.keyId });
    expect(updated!.details).toEqual({ fields: expect.arrayContaining(['email', 'email_confirmed', 'custom']) });
    expect(JSON.stringify(await entries('limit=100'))).not.toContain(email);
  });

  it('has what keys do to keys', async () => {
    const host = await Host.of(test);
    const { key, api_key } = (await host.post('/server/keys', { name: 'x', scopes: ['users:read'] })).body;
    for (let round = 0; round < 2; round++) await host.delete(`/server/keys/${api_key.id}`);
    const about = (await entries('limit=10')).filter(({ details }) => details.key_id === api_key.id);
    expect(about.map(({ action, actor_id }) => [action, actor_id])).toEqual([
      ['key.revoked', host.keyId],
      ['key.created', host.keyId],
    ]);
    expect(about[1]!.details).toEqual({ key_id: api_key.id, prefix: api_key.prefix, scopes: ['users:read'] });
    expect(JSON.stringify(about)).not.toContain(key.slice(12));
    const [made] = (await entries('action=key.created&limit=10')).filter(
      ({ details }) => details.key_id === host.keyId,
    );
    expect(made).toMatchObject({ actor_type: 'operator', actor_id: null });
  });

  it('has the chats of keys, and who is in them', async () => {
    const [host, ada, bob] = [await Host.of(test), await register(test), await register(test)];
    const { chat } = (await host.put(`/server/chats/key:${uniqueName()}`, { members: [String(ada.id)] })).body;
    const change = (act: string) => host.post(`/server/chats/${chat.id}/${act}`, { members: [String(bob.id)] });
    for (const act of ['members', 'members', 'members/remove', 'members/remove']) await change(act);
    const about = (await entries('limit=20')).filter(({ details }) => details.chat_id === chat.id).reverse();
    expect(about.map(({ action, user_id, details }) => [action, user_id, details.user_ids])).toEqual([
      ['chat.created', null, undefined],
      ['chat.members_added', null, [bob.id]],
      ['chat.members_removed', bob.id, undefined],
    ]);
  });

  it('has what changes an account: passwords, sessions, theft', async () => {
    const ada = await register(test);
    const session = async () => {
      const credentials = { usernameOrEmail: ada.username, password: PASSWORD, session: true };
      return (await call(test, 'POST', '/login', { body: credentials })).body;
    };
    const refresh = async (refresh_token: string) =>
      (await call(test, 'POST', '/token/refresh', { body: { refresh_token } })).body.refresh_token as string;
    const [stolen, ended] = [await session(), await session()];
    await refresh(await refresh(stolen.refresh_token));
    await refresh(stolen.refresh_token);
    const { sessions } = (await ada.get('/user/sessions')).body;
    await ada.delete(`/user/sessions/${sessions[0].id}`);
    await call(test, 'POST', '/logout', { token: ended.access_token });
    const body = { password: PASSWORD, new_password: 'another battery staple' };
    const { access_token: token } = (await call(test, 'POST', '/user/password', { token: ada.token, body })).body;
    await call(test, 'DELETE', '/user/sessions', { token });
    expect(await actionsOn(ada.id)).toEqual([
      'session.theft_detected',
      'session.ended',
      'password.changed',
      'tokens.revoked',
    ]);
    const [theft] = (await entries(`user_id=${ada.id}`)).reverse();
    expect(theft).toMatchObject({ actor_type: 'system', actor_id: null });
    expect(JSON.stringify(await entries(`user_id=${ada.id}`))).not.toContain('staple');
  });

  it('has what operators do to admins', async () => {
    const username = uniqueName();
    const id = await createAdmin(test.db, { username, email: `${username}@example.com`, password: PASSWORD });
    expect([await revokeAdmin(test.db, username), await revokeAdmin(test.db, username)]).toEqual([true, false]);
    expect([await grantAdmin(test.db, String(id)), await grantAdmin(test.db, username)]).toEqual([true, false]);
    expect(await actionsOn(id)).toEqual(['admin.created', 'admin.revoked', 'admin.granted']);
    const { body } = await call(test, 'POST', '/sync', {
      ...{ token: test.app.createAccessToken(id), body: { epoch: null, chats: {}, me_pts: 0 } },
    });
    expect(JSON.stringify(body)).toContain('"role":"admin"');
    await test.db.user.create({ data: { username: '9007199254740991' } });
    await expect(grantAdmin(test.db, '9007199254740991')).rejects.toMatchObject({ code: 'USER_NOT_FOUND' });
  });

  it('has nothing of what was not done', async () => {
    const [admin, ada] = [await registerAdmin(test), await register(test)];
    await admin.post(`/admin/users/${admin.id}/suspend`, { reason: 'x' });
    await ada.post(`/admin/users/${admin.id}/suspend`, { reason: 'x' });
    expect(await actionsOn(admin.id)).toEqual([]);
  });
});

describe('GET /admin/audit-log', () => {
  it('has pages, and filters', async () => {
    const ada = await register(test);
    const actions = ['user.updated', 'user.updated', 'user.suspended', 'user.updated'] as const;
    for (const action of actions) await audit(test.db, { actor: OPERATOR, action, userId: ada.id });
    const host = await Host.of(test);
    const page = async (query: string) => (await host.get(`/admin/audit-log?user_id=${ada.id}&${query}`)).body;
    const first = await page('limit=3');
    expect(first).toMatchObject({ count: 3, has_more: true, next: first.entries[2].id });
    expect(await page(`limit=3&cursor=${first.next}`)).toMatchObject({ count: 1, has_more: false, next: null });
    expect(await page('action=user.suspended')).toMatchObject({ count: 1, entries: [{ action: 'user.suspended' }] });
    expect(await page('action=nothing')).toMatchObject({ count: 0, entries: [] });
    for (const query of ['action=', 'user_id=x', 'cursor=0', 'limit=101'])
      expectError(await host.get(`/admin/audit-log?${query}`), 422, 'VALIDATION_ERROR', { errors: expect.anything() });
  });
});
