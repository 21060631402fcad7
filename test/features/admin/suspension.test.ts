import { SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import type { AppConfig } from '../../../src/app.js';
import { demoteAll, registerAdmin } from '../../support/admins.js';
import { PASSWORD, call, expectError, register, uniqueName, type Answer, type Person } from '../../support/client.js';
import { EventReader } from '../../support/event-reader.js';
import { Host } from '../../support/host.js';
import { Socket, listen, useServer } from '../../support/socket.js';

const ISSUER = 'https://app.example.com';
const SECRET = 'a secret that is long enough for HS256';
const CONFIG: Partial<AppConfig> = {
  development: true,
  jwtIssuers: [
    {
      ...{ issuer: ISSUER, audience: ['messenger'], keys: { kind: 'secret', secret: SECRET }, algorithms: ['HS256'] },
      ...{ claims: { externalId: 'sub', name: 'name', avatarUrl: 'picture', locale: 'locale' }, firstSight: 'create' },
    },
  ],
};
const test = useServer(CONFIG);

/** @param inSeconds when it is issued, from now. */
function hostToken(externalId: string, inSeconds = 0): Promise<string> {
  const issuedAt = Math.floor(Date.now() / 1000) + inSeconds;
  return new SignJWT({})
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer(ISSUER)
    .setAudience('messenger')
    .setSubject(externalId)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + 3600)
    .sign(Buffer.from(SECRET));
}

const logIn = ({ username }: Pick<Person, 'username'>, password = PASSWORD, more: object = {}) =>
  call(test, 'POST', '/login', { body: { usernameOrEmail: username, password, ...more } });
const refresh = (refresh_token: string) => call(test, 'POST', '/token/refresh', { body: { refresh_token } });
const me = (token: string) => call(test, 'GET', '/user/me', { token });
const isSuspended = (answer: Answer) => {
  expectError(answer, 401, 'NOT_AUTHORIZED', { reason: 'USER_SUSPENDED' });
};
const isRevoked = (answer: Answer) => {
  expectError(answer, 401, 'NOT_AUTHORIZED', { reason: 'TOKEN_REVOKED' });
};

describe('a suspended user', () => {
  it('is refused with every token, old and new, and loses every connection', async () => {
    const [admin, ada, bob] = [await registerAdmin(test), await register(test), await register(test)];
    const session = (await logIn(ada, PASSWORD, { session: true })).body;
    const sockets = [await Socket.of(ada), await Socket.open(test, { token: session.access_token })];
    await sockets[1]!.take('ready');
    const stream = await EventReader.open(ada);
    const { status, body } = await admin.post(`/admin/users/${ada.id}/suspend`, { reason: 'Spam.' });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      ...{ id: ada.id, suspension_reason: 'Spam.', suspended_at: expect.any(String), session_count: 0 },
    });
    for (const token of [ada.token, session.access_token, test.app.createAccessToken(ada.id)])
      isSuspended(await me(token));
    isSuspended(await refresh(session.refresh_token));
    for (const socket of sockets) expect(await socket.closed).toEqual({ code: 4411, reason: 'the user is suspended' });
    await stream.ended();
    const late = await Socket.open(test);
    late.send({ type: 'authenticate', token: test.app.createAccessToken(ada.id) });
    expect((await late.closed).code).toBe(4401);
    expect((await bob.get('/user/me')).status).toBe(200);
  });

  it('is refused with tokens of the host application that are newer than the suspension', async () => {
    const [host, externalId] = [await Host.of(test), uniqueName()];
    const tokens = [await hostToken(externalId), await hostToken(externalId, 30), `dev:${externalId}`];
    const { id } = (await me(tokens[0]!)).body;
    expect((await host.post(`/admin/users/${id}/suspend`, { reason: 'Spam.' })).status).toBe(200);
    for (const token of [...tokens, await hostToken(externalId, 20)]) isSuspended(await me(token));
    expectError(await host.post(`/server/users/${id}/token`, {}), 403, 'USER_SUSPENDED');
  });

  it('cannot be acted as, nor be given words', async () => {
    const [host, ada, bob] = [await Host.of(test), await register(test), await register(test)];
    const chatId = await ada.openPrivate(bob);
    await host.post(`/admin/users/${ada.id}/suspend`, { reason: 'Spam.' });
    const send = () => host.as(String(ada.id), 'POST', `/server/chats/${chatId}/message`, { contents: 'x' });
    expectError(await send(), 403, 'USER_SUSPENDED');
    expectError(await host.as(String(ada.id), 'GET', '/user/me'), 403, 'USER_SUSPENDED');
    expect((await host.as(String(bob.id), 'GET', '/user/me')).status).toBe(200);
    const { messages } = (await bob.get(`/chat/${chatId}/messages`)).body;
    expect(messages).toEqual([]);
  });

  it('is told by a login no more than one with a wrong password is', async () => {
    const [host, ada, bob] = [await Host.of(test), await register(test), await register(test)];
    await host.post(`/admin/users/${ada.id}/suspend`, { reason: 'Spam.' });
    const answers = [await logIn(ada), await logIn(ada, 'wrong'), await logIn(bob, 'wrong')];
    for (const answer of answers) expectError(answer, 400, 'WRONG_CREDENTIALS');
    const words = answers.map(({ body }) => body.details.message);
    expect(new Set(words).size).toBe(1);
    const headers = answers.map((answer) => Object.keys(answer.headers).sort().join());
    expect(new Set(headers).size).toBe(1);
    expect(await test.db.session.count({ where: { user_id: BigInt(ada.id) } })).toBe(0);
  });

  it('once restored logs in again, and nothing from before counts', async () => {
    const [host, ada, externalId] = [await Host.of(test), await register(test), uniqueName()];
    const session = (await logIn(ada, PASSWORD, { session: true })).body;
    await host.post(`/admin/users/${ada.id}/suspend`, { reason: 'Spam.' });
    const restored = await host.post(`/admin/users/${ada.id}/restore`, undefined);
    expect(restored.body).toMatchObject({ suspended_at: null, suspension_reason: null });
    for (const token of [ada.token, session.access_token]) isRevoked(await me(token));
    isRevoked(await refresh(session.refresh_token));
    const again = await logIn(ada, PASSWORD, { session: true });
    expect((await me(again.body.access_token)).status).toBe(200);
    expect((await refresh(again.body.refresh_token)).status).toBe(200);
    expect((await me((await logIn(ada)).body.access_token)).status).toBe(200);

    const old = await hostToken(externalId, -5);
    const { id } = (await me(old)).body;
    await host.post(`/admin/users/${id}/suspend`, { reason: 'Spam.' });
    await host.post(`/admin/users/${id}/restore`, undefined);
    isRevoked(await me(old));
    expect((await me(await hostToken(externalId, 2))).status).toBe(200);
  });

  it('stays as they are when suspended again, as does one who is restored twice', async () => {
    const [host, ada] = [await Host.of(test), await register(test)];
    const first = await host.post(`/admin/users/${ada.id}/suspend`, { reason: 'Spam.' });
    const second = await host.post(`/admin/users/${ada.id}/suspend`, { reason: 'Another.' });
    expect(second).toMatchObject({ status: 200, body: first.body });
    for (let round = 0; round < 2; round++)
      expect((await host.post(`/admin/users/${ada.id}/restore`, undefined)).status).toBe(200);
    const entries = (await host.get(`/admin/audit-log?user_id=${ada.id}`)).body.entries;
    expect(entries.map(({ action }: { action: string }) => action)).toEqual(['user.restored', 'user.suspended']);
  });

  it('is suspended once, however many ask at once', async () => {
    const [host, ada] = [await Host.of(test), await register(test)];
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => host.post(`/admin/users/${ada.id}/suspend`, { reason: 'Spam.' })),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(5).fill(200));
    expect(await test.db.revocation.count({ where: { user_id: BigInt(ada.id), suspended: true } })).toBe(1);
  });

  it('is seen as such by the host application, and by nobody else', async () => {
    const [host, ada, bob] = [await Host.of(test), await register(test), await register(test)];
    await host.post(`/admin/users/${ada.id}/suspend`, { reason: 'Spam.' });
    expect((await host.get(`/server/users/${ada.id}`)).body).toMatchObject({ suspension_reason: 'Spam.' });
    const profile = (await bob.get(`/user/${ada.id}`)).body;
    for (const name of ['role', 'suspended_at', 'suspension_reason']) expect(profile).not.toHaveProperty(name);
    expect((await bob.get('/user/me')).body).not.toHaveProperty('suspended_at');
  });
});

describe('another node', () => {
  it('refuses a suspended user within a second, closes their sockets, and takes them again', async () => {
    const [host, externalId] = [await Host.of(test), uniqueName()];
    const other = await test.another(CONFIG);
    await listen(other);
    const token = await hostToken(externalId, 20);
    const ask = (with_: string) => call(other, 'GET', '/user/me', { token: with_ });
    const { id } = (await ask(token)).body;
    const socket = await Socket.open(other, { token });
    await socket.take('ready');
    await host.post(`/admin/users/${id}/suspend`, { reason: 'Spam.' });
    await expect.poll(async () => (await ask(token)).body.details?.reason, { timeout: 5000 }).toBe('USER_SUSPENDED');
    expect(await socket.closed).toEqual({ code: 4411, reason: 'the user is suspended' });
    await host.post(`/admin/users/${id}/restore`, undefined);
    const newer = await hostToken(externalId, 25);
    await expect.poll(async () => (await ask(newer)).status, { timeout: 5000 }).toBe(200);
  });

  it('that begins later knows who is suspended, however long ago', async () => {
    const [host, ada, bob] = [await Host.of(test), await register(test), await register(test)];
    for (const { id } of [ada, bob]) await host.post(`/admin/users/${id}/suspend`, { reason: 'Spam.' });
    await host.post(`/admin/users/${bob.id}/restore`, undefined);
    await test.db.revocation.deleteMany({ where: { user_id: BigInt(ada.id) } });
    const other = await test.another({});
    const ask = (id: number) => call(other, 'GET', '/user/me', { token: other.app.createAccessToken(id) });
    await expect.poll(async () => (await ask(ada.id)).body.details?.reason, { timeout: 5000 }).toBe('USER_SUSPENDED');
    expect((await ask(bob.id)).status).toBe(200);
  });
});

describe('an admin', () => {
  it('can suspend another, but not themselves, nor the last one', async () => {
    await demoteAll(test);
    const [host, ada, bob] = [await Host.of(test), await registerAdmin(test), await registerAdmin(test)];
    expectError(await ada.post(`/admin/users/${ada.id}/suspend`, { reason: 'Me.' }), 403, 'OWN_ACCOUNT');
    expect((await ada.post(`/admin/users/${bob.id}/suspend`, { reason: 'Bob.' })).status).toBe(200);
    isSuspended(await bob.get('/admin/users'));
    expectError(await host.post(`/admin/users/${ada.id}/suspend`, { reason: 'Ada.' }), 409, 'LAST_ADMIN');
    expect((await ada.get('/admin/users')).status).toBe(200);
  });

  it('is left when two suspend each other at once', async () => {
    for (let round = 0; round < 3; round++) {
      await demoteAll(test);
      const [ada, bob] = [await registerAdmin(test), await registerAdmin(test)];
      await Promise.all([
        ada.post(`/admin/users/${bob.id}/suspend`, { reason: 'Bob.' }),
        bob.post(`/admin/users/${ada.id}/suspend`, { reason: 'Ada.' }),
      ]);
      expect(await test.db.user.count({ where: { role: 'admin', suspended_at: null } })).toBe(1);
    }
  });
});
