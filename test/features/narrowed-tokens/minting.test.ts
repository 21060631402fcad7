import { describe, expect, it } from 'vitest';
import { useApp } from '../../support/app.js';
import { call, expectError, register, registerMany, uniqueName, type Person } from '../../support/client.js';
import { Host } from '../../support/host.js';

const test = useApp();

async function someone() {
  const [ada, bob] = (await registerMany(test, 2)) as [Person, Person];
  const host = await Host.of(test, ['tokens:mint', 'chats:write', 'act_as']);
  const mint = (body: object) => host.post(`/server/users/${ada.id}/token`, body);
  return { ada, bob, host, mint };
}

describe('POST /server/users/{user}/token', () => {
  it('narrows a token to chats, by our ids and by the keys of the host application', async () => {
    const { ada, bob, host, mint } = await someone();
    const key = `key:${uniqueName()}`;
    const named = (await host.put(`/server/chats/${key}`, { name: 'n', members: [String(ada.id)] })).body.chat.id;
    const [own, other] = [await ada.openGroup([bob]), await ada.openGroup([bob])];
    const { status, body } = await mint({ chats: [key, String(own), String(own)] });
    expect(status).toBe(200);
    expect(body.chats.toSorted()).toEqual([named, own].toSorted());
    expect(body.rights).toBeUndefined();
    const { access_token: token } = body;
    for (const chatId of [named, own]) expect((await call(test, 'GET', `/chat/${chatId}`, { token })).status).toBe(200);
    expectError(await call(test, 'GET', `/chat/${other}`, { token }), 404, 'CHAT_DOES_NOT_EXIST');
  });

  it('says what it is narrowed to, and nothing of it otherwise', async () => {
    const { mint } = await someone();
    expect((await mint({ rights: 'read' })).body.rights).toBe('read');
    const { body } = await mint({ rights: 'write' });
    expect(body).toEqual({
      access_token: expect.any(String),
      token_type: 'bearer',
      expires_at: expect.any(String),
    });
    const { access_token: token } = body;
    expect((await call(test, 'PATCH', '/user/bio', { token, body: { bio: 'x' } })).status).toBe(200);
  });

  it('names the chats that there are not', async () => {
    const { ada, bob, mint } = await someone();
    const chatId = await ada.openPrivate(bob);
    const unknown = `key:${uniqueName()}`;
    const details = { errors: { chats: `There is no chat ${unknown}, 9007199254740991.` } };
    const answer = await mint({ chats: [unknown, String(chatId), '9007199254740991'] });
    expectError(answer, 404, 'CHAT_DOES_NOT_EXIST', details);
  });

  it.each([
    ['no chat', { chats: [] }],
    ['51 chats', { chats: Array.from({ length: 51 }, (_, index) => String(index + 1)) }],
    ['a chat as a number', { chats: [1] }],
    ['other rights', { rights: 'admin' }],
  ])('refuses %s', async (_what, body) => {
    const { mint } = await someone();
    const answer = await mint(body);
    expectError(answer, 422, 'VALIDATION_ERROR', { errors: expect.any(Object) });
  });

  it('takes 50 chats, whose token fits into a frame', async () => {
    const { ada, bob, mint } = await someone();
    const ids: number[] = [];
    for (let count = 0; count < 50; count++) ids.push(await ada.openGroup([bob]));
    const { status, body } = await mint({ chats: ids.map(String) });
    expect(status).toBe(200);
    expect(body.access_token.length).toBeLessThan(4096);
  });
});

describe('a narrowed token', () => {
  it('is good for a chat once its user has joined it', async () => {
    const { ada, bob, mint } = await someone();
    const eve = await register(test);
    const chatId = await bob.openGroup([eve]);
    const { access_token: token } = (await mint({ chats: [String(chatId)] })).body;
    expectError(await call(test, 'GET', `/chat/${chatId}`, { token }), 404, 'CHAT_DOES_NOT_EXIST');
    expect((await call(test, 'GET', '/user/chats', { token })).body.chats).toEqual([]);
    await bob.post(`/chat/${chatId}/participants`, { user_ids: [ada.id] });
    expect((await call(test, 'GET', `/chat/${chatId}`, { token })).body.id).toBe(chatId);
    const { chats } = (await call(test, 'GET', '/user/chats', { token })).body;
    expect(chats).toMatchObject([{ id: chatId }]);
    await ada.delete(`/chat/${chatId}/participants/${ada.id}`);
    expectError(await call(test, 'GET', `/chat/${chatId}`, { token }), 404, 'CHAT_DOES_NOT_EXIST');
  });

  it('lists its chats by page, as if there were no others', async () => {
    const { ada, bob, mint } = await someone();
    const ids: number[] = [];
    for (let count = 0; count < 6; count++) ids.push(await ada.openGroup([bob]));
    const [first, , third, , fifth] = ids as [number, number, number, number, number];
    const { access_token: token } = (await mint({ chats: [first, third, fifth].map(String) })).body;
    const page = (await call(test, 'GET', '/user/chats?limit=2', { token })).body;
    expect(page).toMatchObject({ has_more: true, count: 2, chats: [{ id: fifth }, { id: third }] });
    const rest = (await call(test, 'GET', `/user/chats?cursor=${encodeURIComponent(page.next)}`, { token })).body;
    expect(rest).toMatchObject({ has_more: false, chats: [{ id: first }] });
  });

  it('reaches no message of another chat by its id', async () => {
    const { ada, bob, mint } = await someone();
    const [chatId, otherId] = [await ada.openGroup([bob]), await ada.openGroup([bob])];
    const { access_token: token } = (await mint({ chats: [String(chatId)] })).body;
    const own = await ada.send(chatId, 'own');
    const mine = await ada.send(otherId, 'mine');
    const his = await bob.send(otherId, 'his');
    for (const { id } of [mine, his]) {
      const edited = await call(test, 'PATCH', `/message/${id}`, { token, body: { contents: 'x' } });
      expectError(edited, 404, 'MESSAGE_DOES_NOT_EXIST');
      expectError(await call(test, 'DELETE', `/message/${id}`, { token }), 404, 'MESSAGE_DOES_NOT_EXIST');
    }
    expect((await call(test, 'PATCH', `/message/${own.id}`, { token, body: { contents: 'x' } })).status).toBe(200);
    expect((await call(test, 'DELETE', `/message/${own.id}`, { token })).status).toBe(200);
    expect((await ada.get(`/chat/${otherId}/messages`)).body.count).toBe(2);
  });

  it('says in the refusal what it is narrowed to', async () => {
    const { ada, bob, mint } = await someone();
    const chatId = await ada.openGroup([bob]);
    const { access_token: token } = (await mint({ chats: [String(chatId)], rights: 'read' })).body;
    const errors = { token: `It is narrowed to the chats ${chatId} and to reading.` };
    const answer = await call(test, 'POST', `/chat/${chatId}/message`, { token, body: { contents: 'x' } });
    expectError(answer, 403, 'TOKEN_NARROWED', { errors });
  });

  it('does not count when what it is narrowed to cannot be read, or is missing', async () => {
    const { ada } = await someone();
    const header = { alg: 'HS256' as const, typ: 'narrowed-at+jwt' };
    const sign = (claims: object, options: object = {}) =>
      test.app.jwt.sign({ sub: String(ada.id), ...claims }, options);
    const tokens = [
      sign({}, { header }),
      sign({ chats: 'all' }),
      sign({ chats: ['1'] }),
      sign({ rights: 'admin' }),
      sign({ rights: 'write' }, { header }),
    ];
    for (const token of tokens) expectError(await call(test, 'GET', '/user/me', { token }), 401, 'NOT_AUTHORIZED');
    // Without the type of narrowed tokens it is narrowed all the same.
    const token = sign({ rights: 'read' });
    expect((await call(test, 'PATCH', '/user/bio', { token, body: { bio: 'x' } })).status).toBe(403);
  });

  it('is as no token where none is needed', async () => {
    const { mint } = await someone();
    const { access_token: token } = (await mint({ rights: 'read' })).body;
    const body = { usernameOrEmail: uniqueName(), password: 'a guess at a password' };
    expectError(await call(test, 'POST', '/login', { token, body }), 400, 'WRONG_CREDENTIALS');
    expect((await call(test, 'GET', '/health/live', { token })).status).toBe(200);
    expectError(await call(test, 'GET', '/nothing', { token }), 404, 'NOT_FOUND');
  });

  it('ends with its user, as any other', async () => {
    const { ada, host, mint } = await someone();
    const { access_token: token } = (await mint({ rights: 'read' })).body;
    await host.post(`/server/users/${ada.id}/revoke`, {});
    expectError(await call(test, 'GET', '/user/me', { token }), 401, 'NOT_AUTHORIZED');
  });

  it('does not narrow what an API key does as the user', async () => {
    const { ada, bob, host, mint } = await someone();
    const [chatId, otherId] = [await ada.openGroup([bob]), await ada.openGroup([bob])];
    await mint({ chats: [String(chatId)], rights: 'read' });
    const answer = await host.as(String(ada.id), 'POST', `/chat/${otherId}/message`, { contents: 'x' });
    expect(answer.status).toBe(200);
    expect((await host.as(String(ada.id), 'GET', '/user/chats')).body.count).toBe(2);
  });
});
