import { describe, expect, it } from 'vitest';
import { demoteAll, registerAdmin } from '../../support/admins.js';
import { PASSWORD, call, expectError, register, registerMany, uniqueName, type Person } from '../../support/client.js';
import { eraseMe, finished, hurry } from '../../support/erasures.js';
import { EventReader } from '../../support/event-reader.js';
import { Host } from '../../support/host.js';
import { Socket, useServer } from '../../support/socket.js';

const test = useServer({ development: true });

const erase = (person: Person, body: unknown) => call(test, 'DELETE', '/user/me', { token: person.token, body });
const logIn = (usernameOrEmail: string, more: object = {}) =>
  call(test, 'POST', '/login', { body: { usernameOrEmail, password: PASSWORD, ...more } });
const isRevoked = (answer: Parameters<typeof expectError>[0]) => {
  expectError(answer, 401, 'NOT_AUTHORIZED', { reason: 'TOKEN_REVOKED' });
};

async function trio() {
  return (await registerMany(test, 3)) as [Person, Person, Person];
}

describe('DELETE /user/me', () => {
  it('wants the password again, and leaves the account without it', async () => {
    const ada = await register(test);
    expectError(await erase(ada, { password: 'wrong' }), 400, 'WRONG_CREDENTIALS');
    expect((await erase(ada, {})).status).toBe(422);
    expect((await erase(ada, undefined)).status).toBe(422);
    expect((await erase(ada, { password: PASSWORD, messages: 'burn' })).status).toBe(422);
    expect((await call(test, 'DELETE', '/user/me', { body: { password: PASSWORD } })).status).toBe(401);
    expect((await ada.get('/user/me')).status).toBe(200);
  });

  it('refuses a user of the host application who has no password', async () => {
    const token = `dev:${uniqueName()}`;
    const headers = { host: 'localhost' };
    const ask = (method: 'GET' | 'DELETE', body?: object) =>
      call(test, method, '/user/me', { token, headers, ...(body && { body }) });
    expect((await ask('GET')).status).toBe(200);
    expectError(await ask('DELETE', { password: 'anything' }), 400, 'WRONG_CREDENTIALS');
    expect((await ask('GET')).status).toBe(200);
  });

  it('is kept in the audit log, and refuses the last admin', async () => {
    await demoteAll(test);
    const admin = await registerAdmin(test);
    expectError(await erase(admin, { password: PASSWORD }), 409, 'LAST_ADMIN');
    const ada = await register(test);
    await eraseMe(ada, 'keep');
    const { entries } = (await admin.get(`/admin/audit-log?user_id=${ada.id}`)).body;
    expect(entries).toMatchObject([
      { action: 'user.erased', actor_type: 'user', actor_id: ada.id, details: { messages: 'keep' } },
    ]);
  });
});

describe('an erased user', () => {
  it('is refused everywhere, and loses every connection', async () => {
    const [ada, bob] = await trio();
    const chatId = await ada.openPrivate(bob);
    const group = await ada.openGroup([bob]);
    const { id: messageId } = await ada.send(chatId, 'hello');
    const session = (await logIn(ada.username, { session: true })).body;
    const socket = await Socket.of(ada);
    const stream = await EventReader.open(ada);
    await eraseMe(ada);

    expect(await socket.closed).toMatchObject({ code: expect.any(Number) });
    await stream.ended();
    const tokens = [ada.token, session.access_token, test.app.createAccessToken(ada.id)];
    for (const token of tokens) {
      for (const [method, url, body] of [
        ['GET', '/user/me'],
        ['GET', '/user/chats'],
        ['GET', `/chat/${group}`],
        ['GET', `/chat/${group}/messages`],
        ['POST', `/chat/${group}/message`, { contents: 'still here' }],
        ['PATCH', `/message/${messageId}`, { contents: 'still here' }],
        ['PATCH', '/user/me', { name: 'Ada' }],
        ['DELETE', '/user/me', { password: PASSWORD }],
        ['POST', '/sync', { epoch: null, chats: {} }],
      ] as const)
        isRevoked(await call(test, method, url, { token, body }));
      await expect(Socket.open(test, { token })).rejects.toThrow();
    }
    isRevoked(await call(test, 'POST', '/token/refresh', { body: { refresh_token: session.refresh_token } }));
    for (const name of [ada.username, ada.email]) expectError(await logIn(name), 400, 'WRONG_CREDENTIALS');
  });

  it('is nobody to statements, whatever a node knows of tokens', async () => {
    const [ada, bob] = await trio();
    const chatId = await ada.openPrivate(bob);
    const group = await ada.openGroup([bob]);
    const { id: messageId } = await ada.send(group, 'hello');
    // As on another node that has not heard of it.
    const id = BigInt(ada.id);
    const data = { email: null, password: null, erased_at: new Date() };
    await test.db.user.update({ where: { id }, data });
    for (const [method, url, body] of [
      ['GET', '/user/me'],
      ['PATCH', '/user/me', { name: 'Ada' }],
      ['GET', `/user/${bob.id}`],
      ['GET', '/user/chats'],
      ['GET', '/user/blocks'],
      ['GET', '/user/sessions'],
      ['PUT', `/user/blocks/${bob.id}`],
      ['POST', '/user/password', { password: PASSWORD, new_password: 'staple battery horse' }],
      ['DELETE', '/user/me', { password: PASSWORD }],
      ['GET', `/chat/${group}`],
      ['PATCH', `/chat/${group}`, { name: 'x' }],
      ['PATCH', `/chat/${group}/settings`, { pinned: true }],
      ['POST', `/chat/${group}/read`, { message_id: messageId }],
      ['GET', `/chat/${group}/messages`],
      ['GET', `/chat/${group}/participants`],
      ['POST', `/chat/${group}/participants`, { user_ids: [bob.id] }],
      ['DELETE', `/chat/${group}/participants/${bob.id}`],
      ['POST', `/chat/${group}/message`, { contents: 'x' }],
      ['POST', `/chat/${chatId}/message`, { contents: 'x' }],
      ['PATCH', `/message/${messageId}`, { contents: 'x' }],
      ['DELETE', `/message/${messageId}`],
      ['POST', '/chat/private/create', { with_user_id: bob.id }],
      ['POST', '/chat/group/create', { with_ids: [bob.id], name: 'x' }],
      ['POST', '/sync', { epoch: null, chats: {} }],
    ] as const)
      expect([url, (await call(test, method, url, { token: ada.token, body })).status]).toEqual([url, 401]);
    expect((await bob.get(`/chat/${group}/messages`)).body.messages).toMatchObject([{ contents: 'hello' }]);
  });

  it('leaves names free for somebody else', async () => {
    const ada = await register(test);
    await eraseMe(ada);
    const { username, email } = ada;
    const answer = await call(test, 'POST', '/register', { body: { username, email, password: PASSWORD } });
    expect(answer.status).toBe(200);
    const me = (await call(test, 'GET', '/user/me', { token: answer.body.access_token })).body;
    expect(me).toMatchObject({ username, email });
    expect(me.id).not.toBe(ada.id);
  });

  it('is unknown to others, who see in chats that there is nobody any more', async () => {
    const [ada, bob, eve] = await trio();
    const chatId = await ada.openPrivate(bob);
    const group = await ada.openGroup([bob]);
    const sent = await ada.send(chatId, 'hello');
    await ada.patch('/user/me', { name: 'Ada', bio: 'engines', custom: { a: 1 } });
    const bobs = await Socket.of(bob);
    await eraseMe(ada);

    const blank = { id: ada.id, name: 'Deleted user', avatar_url: null, external_id: null };
    // The profile as it was before may come first.
    let { data } = await bobs.take('user.updated');
    if (data.name === 'Ada') ({ data } = await bobs.take('user.updated'));
    expect(data).toMatchObject({ ...blank, bio: null, custom: {}, trusted: {} });
    expect(data.username).toMatch(/^deleted-[0-9a-f]{16}$/);
    expect((await bobs.take('participant.removed')).data).toMatchObject({ user_id: ada.id, actor_id: ada.id });

    const chat = (await bob.get(`/chat/${chatId}`)).body;
    expect(chat).toMatchObject({ peer: blank, participant_count: 2 });
    const page = (await bob.get(`/chat/${chatId}/messages`)).body;
    expect(page).toMatchObject({ authors: [blank], messages: [{ id: sent.id, author_id: ada.id }] });
    for (const person of [bob, eve]) expectError(await person.get(`/user/${ada.id}`), 404, 'USER_NOT_FOUND');
    expectError(await bob.post(`/chat/${chatId}/message`, { contents: 'you?' }), 403, 'NOT_ACCEPTING_MESSAGES');
    expectError(await eve.post('/chat/private/create', { with_user_id: ada.id }), 400, 'USER_NOT_EXISTS', {
      errors: expect.anything(),
    });
    expectError(await bob.post(`/chat/${group}/participants`, { user_ids: [ada.id] }), 400, 'USER_NOT_EXISTS', {
      errors: expect.anything(),
    });
    expectError(await bob.put(`/user/blocks/${ada.id}`), 404, 'USER_NOT_FOUND');
  });

  it('leaves groups to the others, who get another owner', async () => {
    const [ada, bob, eve] = await trio();
    const group = await ada.openGroup([bob, eve]);
    await eraseMe(ada);
    await hurry(test, ada.id);
    await finished(test, ada.id);
    expect((await bob.get(`/chat/${group}`)).body).toMatchObject({ participant_count: 2 });
    expect((await bob.delete(`/chat/${group}/participants/${eve.id}`)).status).toBe(200);
  });

  it('who was blocked can be taken from the list', async () => {
    const [ada, bob] = await trio();
    await bob.put(`/user/blocks/${ada.id}`);
    await eraseMe(ada);
    expect((await bob.get('/user/blocks')).body.users).toMatchObject([{ id: ada.id, name: 'Deleted user' }]);
    expect((await bob.delete(`/user/blocks/${ada.id}`)).status).toBe(200);
    expect((await bob.get('/user/blocks')).body.users).toEqual([]);
  });
});

describe('DELETE /server/users/{user}', () => {
  it('erases once, and leaves the external id for a new user', async () => {
    const host = await Host.of(test, ['users:read', 'users:write', 'act_as', 'tokens:mint']);
    const ref = `ext:${uniqueName()}`;
    const { user } = (await host.put(`/server/users/${ref}`, { name: 'Ada' })).body;
    expect(await host.delete(`/server/users/${ref}?messages=purge`)).toMatchObject({ status: 200 });
    for (const gone of [ref, String(user.id)]) {
      expectError(await host.delete(`/server/users/${gone}`), 404, 'USER_NOT_FOUND');
      expectError(await host.get(`/server/users/${gone}`), 404, 'USER_NOT_FOUND');
      expectError(await host.patch(`/server/users/${gone}`, { name: 'x' }), 404, 'USER_NOT_FOUND');
      expectError(await host.post(`/server/users/${gone}/token`, {}), 404, 'USER_NOT_FOUND');
      expectError(await host.as(gone, 'GET', '/user/me'), 404, 'USER_NOT_FOUND');
    }
    const again = (await host.put(`/server/users/${ref}`, {})).body;
    expect(again).toMatchObject({ outcome: 'created' });
    expect(again.user.id).not.toBe(user.id);
  });

  it('needs the scope, for an admin that of an admin, and spares the host application itself', async () => {
    const [ada, admin] = [await register(test), await registerAdmin(test)];
    await registerAdmin(test);
    const reader = await Host.of(test, ['users:read']);
    expectError(await reader.delete(`/server/users/${ada.id}`), 403, 'SCOPE_REQUIRED', { errors: expect.anything() });
    const writer = await Host.of(test, ['users:write']);
    expectError(await writer.delete(`/server/users/${admin.id}`), 403, 'SCOPE_REQUIRED', { errors: expect.anything() });
    expect((await writer.delete(`/server/users/${ada.id}?messages=burn`)).status).toBe(422);
    expect((await ada.get('/user/me')).status).toBe(200);
    const host = await Host.of(test);
    await host.put(`/server/chats/key:${uniqueName()}`, { name: 'x' });
    const app = await test.db.user.findFirst({ where: { is_app: true } });
    if (app) expectError(await host.delete(`/server/users/${app.id}`), 404, 'USER_NOT_FOUND');
    expect((await host.delete(`/server/users/${admin.id}`)).status).toBe(200);
    isRevoked(await admin.get('/user/me'));
  });

  it('is done once of many at once', async () => {
    const [host, ada] = [await Host.of(test), await register(test)];
    const answers = await Promise.all(Array.from({ length: 6 }, () => host.delete(`/server/users/${ada.id}`)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 404, 404, 404, 404, 404]);
  });
});
