import { describe, expect, it } from 'vitest';
import { call, expectError, registerMany, type Person } from '../../support/client.js';
import { Socket, useServer } from '../../support/socket.js';

const test = useServer();

const set = (person: Person, folders: readonly object[], more: object = {}) =>
  person.put('/user/folders', { folders, ...more });
const list = async (person: Person) => (await person.get('/user/folders')).body;
const put = (person: Person, folder: string, chatId: number) => person.put(`/user/folders/${folder}/chats/${chatId}`);
const take = (person: Person, folder: string, chatId: number) =>
  person.delete(`/user/folders/${folder}/chats/${chatId}`);

const WORK = { id: 'work', name: 'Work', chat_ids: [], includes: 'group', unread_only: true };
const HOME = { id: 'home', name: 'Home', chat_ids: [], includes: 'nothing', unread_only: false };

async function group() {
  const [ada, bob, eve] = (await registerMany(test, 3)) as [Person, Person, Person];
  return { ada, bob, eve, chatId: await ada.openGroup([bob]) };
}

describe('PUT /user/folders', () => {
  it('makes, orders, names and removes folders, for all devices and nobody else', async () => {
    const { ada, bob } = await group();
    expect(await list(ada)).toEqual({ version: 0, folders: [] });
    const [phone, bobs] = [await Socket.of(ada), await Socket.of(bob)];
    expect((await set(ada, [WORK, { id: 'home', name: 'Home' }])).body).toEqual({ version: 1, folders: [WORK, HOME] });
    await set(ada, [WORK, HOME]);
    const after = { version: 2, folders: [HOME, { ...WORK, name: 'Labour' }] };
    expect((await set(ada, after.folders)).body).toEqual(after);
    expect(await list(ada)).toEqual(after);
    expect((await set(ada, [])).body).toEqual({ version: 3, folders: [] });
    const events = await phone.rest();
    expect(events.map(({ type, me_pts }) => [type, me_pts])).toEqual([1, 2, 3].map((n) => ['folders.updated', n]));
    expect(events[1]!.data).toEqual(after);
    expect(await bobs.rest()).toEqual([]);
    expect(await list(bob)).toEqual({ version: 0, folders: [] });
    const { body } = await ada.post('/sync', { epoch: null, chats: {}, me_pts: 0 });
    expect(body.me.changes).toEqual([{ type: 'folders.updated', me_pts: 3, data: { version: 3, folders: [] } }]);
  });

  it('goes on from the version that is given: of two devices one has to look again', async () => {
    const { ada } = await group();
    await set(ada, [WORK]);
    const answers = await Promise.all([set(ada, [HOME], { if_version: 1 }), set(ada, [WORK, HOME], { if_version: 1 })]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expectError(
      answers.find(({ status }) => status === 409)!,
      409,
      'CHANGED_MEANWHILE',
    );
  });

  it.each([
    [{ folders: [WORK, WORK] }],
    [{ folders: Array.from({ length: 21 }, (_, n) => ({ ...WORK, id: `f${n}` })) }],
    [{ folders: [{ ...WORK, id: 'a/b' }] }],
    [{ folders: [{ ...WORK, name: ' ' }] }],
    [{ folders: [{ ...WORK, includes: 'some' }] }],
    [{ folders: [{ ...WORK, chat_ids: Array.from({ length: 201 }, (_, n) => n + 1) }] }],
    [{ folders: [{ ...WORK, chat_ids: ['6'] }] }],
    [{}],
  ])('refuses %j', async (body) => {
    const { ada } = await group();
    expectError(await ada.put('/user/folders', body), 422, 'VALIDATION_ERROR', { errors: expect.any(Object) });
    expect(await list(ada)).toMatchObject({ version: 0 });
  });

  it('is for nobody who is gone', async () => {
    const token = test.app.createAccessToken(9_999_999);
    expectError(await call(test, 'GET', '/user/folders', { token }), 401, 'NOT_AUTHORIZED');
    expectError(await call(test, 'PUT', '/user/folders', { token, body: { folders: [] } }), 401, 'NOT_AUTHORIZED');
  });
});

describe('PUT and DELETE /user/folders/{folder_id}/chats/{chat_id}', () => {
  it('lose nothing that other devices do at the same time', async () => {
    const { ada, bob } = await group();
    await set(ada, [WORK]);
    const chatIds = await Promise.all([1, 2, 3, 4].map(() => ada.openGroup([bob])));
    await Promise.all([...chatIds, ...chatIds].map((chatId) => put(ada, 'work', chatId)));
    const { version, folders } = await list(ada);
    expect(version).toBe(5);
    expect([...folders[0].chat_ids].sort((a: number, b: number) => a - b)).toEqual(chatIds.sort((a, b) => a - b));
    await Promise.all(chatIds.map((chatId) => take(ada, 'work', chatId)));
    expect((await list(ada)).folders).toEqual([WORK]);
  });

  it('take chats of the user alone, and let go of any', async () => {
    const { ada, bob, eve, chatId } = await group();
    await Promise.all([ada, bob, eve].map((person) => set(person, [WORK])));
    expectError(await put(eve, 'work', chatId), 404, 'CHAT_DOES_NOT_EXIST');
    expectError(await put(eve, 'work', 9_999_999), 404, 'CHAT_DOES_NOT_EXIST');
    expectError(await put(ada, 'home', chatId), 404, 'FOLDER_NOT_FOUND');
    await put(bob, 'work', chatId);
    await bob.delete(`/chat/${chatId}/participants/${bob.id}`);
    expect((await list(bob)).folders[0].chat_ids).toEqual([chatId]);
    expect((await take(bob, 'work', chatId)).body.folders).toEqual([WORK]);
    expectError(await put(ada, 'a.b', chatId), 422, 'VALIDATION_ERROR', { errors: expect.any(Object) });
  });

  it('refuse more than a folder holds', async () => {
    const { ada, chatId } = await group();
    const chat_ids = Array.from({ length: 200 }, (_, n) => chatId + n + 1);
    await set(ada, [{ ...WORK, chat_ids }]);
    expectError(await put(ada, 'work', chatId), 409, 'FOLDER_FULL');
  });
});
