import { describe, expect, it } from 'vitest';
import { call, expectError, registerMany, type Person } from '../../support/client.js';
import { Socket, useServer } from '../../support/socket.js';

const test = useServer();

const write = (person: Person, chatId: number, contents: string, more: object = {}) =>
  person.put(`/chat/${chatId}/draft`, { contents, ...more });
const draftOf = async (person: Person, chatId: number) => (await person.get(`/chat/${chatId}`)).body.draft;
const send = (person: Person, chatId: number, body: object) => person.post(`/chat/${chatId}/message`, body);

async function group() {
  const [ada, bob, eve] = (await registerMany(test, 3)) as [Person, Person, Person];
  return { ada, bob, eve, chatId: await ada.openGroup([bob]) };
}

describe('PUT and DELETE /chat/{chat_id}/draft', () => {
  it('keep it for all devices of the user and for nobody else, and once', async () => {
    const { ada, bob, chatId } = await group();
    const { id } = await bob.send(chatId, 'hello');
    const [phone, laptop, bobs] = [await Socket.of(ada), await Socket.of(ada), await Socket.of(bob)];
    const { body } = await write(ada, chatId, 'Dear', { reply_to_id: id });
    expect(body).toEqual({ chat_id: chatId, draft: 'Dear', draft_reply_to_id: id, draft_revision: 1 });
    expect((await write(ada, chatId, 'Dear', { reply_to_id: id })).body).toEqual(body);
    const { body: gone } = await ada.delete(`/chat/${chatId}/draft`);
    expect(gone).toEqual({ chat_id: chatId, draft: null, draft_reply_to_id: null, draft_revision: 2 });
    expect((await ada.delete(`/chat/${chatId}/draft`)).body).toEqual(gone);
    for (const socket of [phone, laptop]) {
      expect(await socket.rest()).toEqual([
        { type: 'chat.draft', me_pts: 1, data: body },
        { type: 'chat.draft', me_pts: 2, data: gone },
      ]);
    }
    expect(await bobs.rest()).toEqual([]);
    expect(await draftOf(bob, chatId)).toBeNull();
  });

  it('is in the list of chats and in a sync, as it is now', async () => {
    const { ada, chatId } = await group();
    await write(ada, chatId, 'D');
    await write(ada, chatId, 'De');
    const mine = { draft: 'De', draft_reply_to_id: null, draft_revision: 2 };
    expect((await ada.get('/user/chats')).body.chats).toMatchObject([mine]);
    const { body } = await ada.post('/sync', { epoch: null, chats: { [chatId]: 1 }, me_pts: 0 });
    expect(body.me.changes).toEqual([{ type: 'chat.draft', me_pts: 2, data: { chat_id: chatId, ...mine } }]);
  });

  it('go on from the revision that is given, and from no other', async () => {
    const { ada, chatId } = await group();
    expectError(await write(ada, chatId, 'x', { if_revision: 7 }), 409, 'DRAFT_CHANGED');
    expect((await write(ada, chatId, 'a', { if_revision: 0 })).status).toBe(200);
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, n) => write(ada, chatId, `device ${n}`, { if_revision: 1 })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    for (const answer of answers.filter(({ status }) => status !== 200)) expectError(answer, 409, 'DRAFT_CHANGED');
    expectError(await ada.delete(`/chat/${chatId}/draft?if_revision=1`), 409, 'DRAFT_CHANGED');
    expect((await ada.delete(`/chat/${chatId}/draft?if_revision=2`)).status).toBe(200);
  });

  it('are not for outsiders, nor for users who have left; who comes back begins afresh', async () => {
    const { ada, bob, eve, chatId } = await group();
    expectError(await write(eve, chatId, 'x'), 404, 'CHAT_DOES_NOT_EXIST');
    expectError(await eve.delete(`/chat/${chatId}/draft`), 404, 'CHAT_DOES_NOT_EXIST');
    await write(bob, chatId, 'x');
    await bob.delete(`/chat/${chatId}/participants/${bob.id}`);
    expectError(await write(bob, chatId, 'y'), 404, 'CHAT_DOES_NOT_EXIST');
    await ada.post(`/chat/${chatId}/participants`, { user_ids: [bob.id] });
    expect(await draftOf(bob, chatId)).toBeNull();
    const token = test.app.createAccessToken(9_999_999);
    expectError(
      await call(test, 'PUT', `/chat/${chatId}/draft`, { token, body: { contents: 'x' } }),
      401,
      'NOT_AUTHORIZED',
    );
  });

  it.each([
    [{ contents: '' }],
    [{ contents: 'x'.repeat(20_001) }],
    [{ contents: 'a\0b' }],
    [{}],
    [{ contents: 'x', reply_to_id: 0 }],
    [{ contents: 'x', if_revision: -1 }],
    [{ contents: 'x', color: 'red' }],
  ])('refuse %j', async (body) => {
    const { ada, chatId } = await group();
    expectError(await ada.put(`/chat/${chatId}/draft`, body), 422, 'VALIDATION_ERROR', { errors: expect.any(Object) });
  });

  it('keep as much as is allowed, of characters of four bytes', async () => {
    const { ada, chatId } = await group();
    const contents = '🚀'.repeat(20_000);
    // Not shown when it fails: it is long.
    expect((await write(ada, chatId, contents)).body.draft === contents).toBe(true);
  });
});

describe('a send with draft_revision', () => {
  it('takes the draft away of which it was made, on all devices', async () => {
    const { ada, chatId } = await group();
    const { draft_revision } = (await write(ada, chatId, 'hello')).body;
    const phone = await Socket.of(ada);
    expect((await send(ada, chatId, { contents: 'hello', draft_revision })).status).toBe(200);
    expect(await phone.take('chat.draft')).toMatchObject({ me_pts: 2, data: { draft: null } });
    expect(await draftOf(ada, chatId)).toBeNull();
  });

  it('leaves a draft that has been written on since, and one that it does not name', async () => {
    const { ada, chatId } = await group();
    const { draft_revision } = (await write(ada, chatId, 'hello')).body;
    await write(ada, chatId, 'hello, and');
    await send(ada, chatId, { contents: 'hello', draft_revision });
    await send(ada, chatId, { contents: 'hello' });
    expect(await draftOf(ada, chatId)).toBe('hello, and');
  });

  it('that is repeated takes it away as well, and one that is refused does not', async () => {
    const { ada, bob, eve, chatId } = await group();
    await send(ada, chatId, { contents: 'hello', client_id: 'one' });
    const { draft_revision } = (await write(ada, chatId, 'hello')).body;
    expectError(
      await send(ada, chatId, { contents: 'other', client_id: 'one', draft_revision }),
      409,
      'CLIENT_ID_TAKEN',
    );
    expectError(await send(eve, chatId, { contents: 'hello', draft_revision }), 404, 'CHAT_DOES_NOT_EXIST');
    await send(bob, chatId, { contents: 'hello', draft_revision });
    expect(await draftOf(ada, chatId)).toBe('hello');
    const again = await send(ada, chatId, { contents: 'hello', client_id: 'one', draft_revision });
    expect(again.body.deduplicated).toBe(true);
    expect(await draftOf(ada, chatId)).toBeNull();
  });

  it('works over a socket', async () => {
    const { ada, chatId } = await group();
    const { draft_revision } = (await write(ada, chatId, 'hello')).body;
    const phone = await Socket.of(ada);
    phone.send({ type: 'send', chat_id: chatId, contents: 'hello', client_id: 'one', draft_revision });
    await phone.take('send.done');
    expect(await draftOf(ada, chatId)).toBeNull();
  });
});
