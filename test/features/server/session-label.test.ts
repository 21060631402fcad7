import { describe, expect, it } from 'vitest';
import { call, expectError, register, type Person } from '../../support/client.js';
import { Host } from '../../support/host.js';
import { Socket, useServer } from '../../support/socket.js';

const test = useServer();

const mint = async (host: Host, { id }: Person, body: object) => {
  const { status, body: minted } = await host.post(`/server/users/${id}/token`, body);
  expect(status).toBe(200);
  return minted as { access_token: string; session_id?: number; expires_at: string };
};
const me = (token: string) => call(test, 'GET', '/user/me', { token });
const sessionsOf = async (token: string) => (await call(test, 'GET', '/user/sessions', { token })).body.sessions;

describe('a session_label', () => {
  it('makes a session that the user sees, one for all tokens of that name', async () => {
    const [host, ada] = await Promise.all([Host.of(test), register(test)]);
    const first = await mint(host, ada, { session_label: 'Phone' });
    const second = await mint(host, ada, { session_label: 'Phone', ttl: 60 });
    const other = await mint(host, ada, { session_label: 'Laptop', rights: 'read' });
    expect(second.session_id).toBe(first.session_id);
    expect(other.session_id).not.toBe(first.session_id);
    expect(await mint(host, ada, {})).not.toHaveProperty('session_id');
    const shown = { address: null, created_at: expect.any(String), last_seen_at: expect.any(String) };
    expect(await sessionsOf(second.access_token)).toEqual([
      { id: other.session_id, device: 'Laptop', is_current: false, ...shown },
      { id: first.session_id, device: 'Phone', is_current: true, ...shown },
    ]);
  });

  it('lets the user end all tokens of that name, and nothing else; the next one begins another session', async () => {
    const [host, ada] = await Promise.all([Host.of(test), register(test)]);
    const first = await mint(host, ada, { session_label: 'Phone' });
    const second = await mint(host, ada, { session_label: 'Phone', ttl: 86_400 });
    const other = await mint(host, ada, { session_label: 'Laptop' });
    const socket = await Socket.open(test, { token: first.access_token });
    expect((await ada.delete(`/user/sessions/${first.session_id}`)).status).toBe(200);
    expect((await socket.closed).code).toBe(4411);
    for (const { access_token } of [first, second]) {
      expectError(await me(access_token), 401, 'NOT_AUTHORIZED', { reason: 'TOKEN_REVOKED' });
    }
    expect((await me(other.access_token)).status).toBe(200);
    const next = await mint(host, ada, { session_label: 'Phone' });
    expect(next.session_id).not.toBe(first.session_id);
    expect((await me(next.access_token)).status).toBe(200);
  });

  it('is revoked until the last of its tokens has expired', async () => {
    const [host, ada] = await Promise.all([Host.of(test), register(test)]);
    const { session_id, expires_at } = await mint(host, ada, { session_label: 'Phone', ttl: 86_400 });
    await mint(host, ada, { session_label: 'Phone', ttl: 60 });
    await ada.delete(`/user/sessions/${session_id}`);
    const { keep_until } = await test.db.revocation.findFirstOrThrow({ where: { session_id: BigInt(session_id!) } });
    expect(keep_until.getTime()).toBeGreaterThan(Date.parse(expires_at));
  });

  it('is one for racing requests', async () => {
    const [host, ada] = await Promise.all([Host.of(test), register(test)]);
    const minted = await Promise.all(Array.from({ length: 8 }, () => mint(host, ada, { session_label: 'Phone' })));
    expect(new Set(minted.map(({ session_id }) => session_id)).size).toBe(1);
  });

  it('ends with all others of the user, and with all that the host application revokes', async () => {
    const [host, ada] = await Promise.all([Host.of(test), register(test)]);
    const phone = await mint(host, ada, { session_label: 'Phone' });
    expect((await host.post(`/server/users/${ada.id}/revoke`, {})).status).toBe(200);
    expectError(await me(phone.access_token), 401, 'NOT_AUTHORIZED', { reason: 'TOKEN_REVOKED' });
  });

  it.each(['', '   ', 'x'.repeat(129)])('is no %o', async (session_label) => {
    const [host, ada] = await Promise.all([Host.of(test), register(test)]);
    const answer = await host.post(`/server/users/${ada.id}/token`, { session_label });
    expectError(answer, 422, 'VALIDATION_ERROR', { errors: { session_label: expect.any(String) } });
  });
});
