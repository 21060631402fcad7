import { describe, expect, it } from 'vitest';
import { expectError, registerMany, type Person } from '../../support/client.js';
import { Host } from '../../support/host.js';
import { Socket, useServer } from '../../support/socket.js';

const test = useServer();

async function pair() {
  const [ada, bob] = (await registerMany(test, 2)) as [Person, Person];
  return { ada, bob, chatId: await ada.openGroup([bob]) };
}

const send = (person: Person, chatId: number, custom: unknown, more: object = {}) =>
  person.post(`/chat/${chatId}/message`, { contents: 'an order', custom, ...more });

const ORDER = { order: 4711, tags: ['a', null], nested: { price: 1.5, note: '</script><b>' } };

describe('custom of a message', () => {
  it('is there wherever the message is', async () => {
    const { ada, bob, chatId } = await pair();
    const socket = await Socket.of(bob);
    const { body } = await send(ada, chatId, ORDER);
    expect(body.custom).toEqual(ORDER);
    expect((await socket.take('message.created')).data).toMatchObject({ custom: ORDER });
    const { epoch } = (await bob.post('/sync', { epoch: null, chats: {} })).body;
    const { chats } = (await bob.post('/sync', { epoch, chats: { [chatId]: 1 } })).body;
    const shown = [
      (await bob.get(`/chat/${chatId}/messages`)).body.messages[0],
      (await bob.get(`/message/${body.id}`)).body,
      (await bob.get('/user/chats')).body.chats[0].last_message,
      chats[0].changes.at(-1).data,
    ];
    for (const message of shown) expect(message.custom).toEqual(ORDER);
  });

  it('leaves out what is null or empty, the same everywhere', async () => {
    const { ada, bob, chatId } = await pair();
    const { body } = await send(ada, chatId, { a: null, b: { c: null, d: 1 } });
    expect(body.custom).toEqual({ b: { d: 1 } });
    expect((await bob.get(`/message/${body.id}`)).body.custom).toEqual({ b: { d: 1 } });
    for (const custom of [{}, { a: null }]) expect((await send(ada, chatId, custom)).body).not.toHaveProperty('custom');
  });

  it('is changed by an edit name by name, which is an edit though the contents are the same', async () => {
    const { ada, bob, chatId } = await pair();
    const { id } = (await send(ada, chatId, { a: 1, b: 2 })).body;
    const socket = await Socket.of(bob);
    const edit = (more: object) => ada.patch(`/message/${id}`, { contents: 'an order', ...more });
    const { body } = await edit({ custom: { a: null, c: [3] } });
    expect(body.custom).toEqual({ b: 2, c: [3] });
    expect(body).not.toHaveProperty('edited_at');
    expect((await socket.take('message.updated')).data).toMatchObject({ custom: { b: 2, c: [3] } });
    expect((await edit({ custom: { b: 2 } })).body.pts).toBe(body.pts);
    expect((await edit({})).body).toEqual(body);
    const { body: other } = await ada.patch(`/message/${id}`, { contents: 'another' });
    expect(other).toMatchObject({ contents: 'another', custom: { b: 2, c: [3] } });
    expect((await edit({ custom: { b: null, c: null } })).body).not.toHaveProperty('custom');
    expectError(await bob.patch(`/message/${id}`, { contents: 'x', custom: { a: 1 } }), 403, 'NOT_THE_OWNER');
  });

  it('of edits at once is that of all of them', async () => {
    const { ada, chatId } = await pair();
    const { id } = (await send(ada, chatId, { a: 0 })).body;
    const names = ['b', 'c', 'd', 'e'];
    await Promise.all(
      names.map((name) => ada.patch(`/message/${id}`, { contents: 'an order', custom: { [name]: 1 } })),
    );
    expect(Object.keys((await ada.get(`/message/${id}`)).body.custom).sort()).toEqual(['a', ...names]);
  });

  it('is kept once, with the first of repeated sends', async () => {
    const { ada, chatId } = await pair();
    const first = await send(ada, chatId, { n: 1 }, { client_id: 'once' });
    const again = await send(ada, chatId, { n: 2 }, { client_id: 'once' });
    expect([again.body.id, again.body.custom]).toEqual([first.body.id, { n: 1 }]);
  });

  it('comes over a socket, and of the host application', async () => {
    const { ada, chatId } = await pair();
    const socket = await Socket.of(ada);
    const frame = { type: 'send', chat_id: chatId, contents: 'x', client_id: 'x' };
    expect(await socket.ask({ ...frame, custom: ORDER })).toMatchObject({ data: { custom: ORDER } });
    expect(await socket.ask({ ...frame, client_id: 'y', custom: { A: 1 } })).toMatchObject({ type: 'error' });
    const host = await Host.of(test);
    const { body } = await host.post(`/server/chats/${chatId}/message`, { contents: 'x', custom: ORDER });
    expect(body.custom).toEqual(ORDER);
  });

  it.each([
    'text',
    [1],
    null,
    { Upper: 1 },
    { big: 'x'.repeat(4096) },
    { deep: { a: { b: { c: { d: { e: 1 } } } } } },
    { nul: 'a\0b' },
    Object.fromEntries(Array.from({ length: 65 }, (_, index) => [`n${index}`, 1])),
  ])('is not %j', async (custom) => {
    const { ada, chatId } = await pair();
    const refused = { status: 422, body: { details: { code: 'VALIDATION_ERROR' } } };
    expect(await send(ada, chatId, custom)).toMatchObject(refused);
    const { id } = await ada.send(chatId, 'plain');
    expect(await ada.patch(`/message/${id}`, { contents: 'plain', custom })).toMatchObject(refused);
  });
});
