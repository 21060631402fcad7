import { describe, expect, it } from 'vitest';
import { RIGHTS_OF_ROLES } from '../../../src/shared/rights.js';
import { expectError, register, registerMany, type Person } from '../../support/client.js';
import { Socket, useServer } from '../../support/socket.js';

const test = useServer();

const OWNER = { own_role: 'owner', own_rights: RIGHTS_OF_ROLES.owner };

async function group() {
  const [ada, bob, eve] = (await registerMany(test, 3)) as [Person, Person, Person];
  return { ada, bob, eve, chatId: await ada.openGroup([bob]) };
}

const set = (person: Person, chatId: number, settings: object) => person.patch(`/chat/${chatId}/settings`, settings);
const sync = async (person: Person, me_pts: number, request: object = {}) =>
  (await person.post('/sync', { epoch: null, chats: {}, me_pts, ...request })).body;

const UNTIL = '2030-01-02T03:04:05.678Z';

describe('PATCH /chat/{chat_id}/settings', () => {
  it('changes what is given, and the chat shows it to nobody else', async () => {
    const { ada, bob, chatId } = await group();
    const first = await set(ada, chatId, { pinned: true, muted_until: '2030-01-02T04:04:05.678+01:00' });
    expect(first).toMatchObject({ status: 200 });
    expect(first.body).toEqual({
      chat_id: chatId,
      muted_until: UNTIL,
      pinned: true,
      archived: false,
      private: {},
      notifications: 'default',
      ...OWNER,
    });
    const { body } = await set(ada, chatId, { archived: true, pinned: false });
    expect(body).toEqual({
      chat_id: chatId,
      muted_until: UNTIL,
      pinned: false,
      archived: true,
      private: {},
      notifications: 'default',
      ...OWNER,
    });
    const mine = { muted_until: UNTIL, pinned: false, archived: true };
    expect((await ada.get(`/chat/${chatId}`)).body).toMatchObject(mine);
    expect((await ada.get('/user/chats')).body.chats).toMatchObject([mine]);
    expect((await ada.patch(`/chat/${chatId}`, { name: 'Engines' })).body).toMatchObject(mine);
    const others = { muted_until: null, pinned: false, archived: false, private: {}, notifications: 'default' };
    expect((await bob.get(`/chat/${chatId}`)).body).toMatchObject(others);
    expect((await set(ada, chatId, { muted_until: null, archived: false })).body).toEqual({
      chat_id: chatId,
      ...others,
      ...OWNER,
    });
  });

  it('is told to all devices of the user and to nobody else, and once', async () => {
    const { ada, bob, chatId } = await group();
    const [phone, laptop, bobs] = [await Socket.of(ada), await Socket.of(ada), await Socket.of(bob)];
    const { body: data } = await set(ada, chatId, { pinned: true });
    await set(ada, chatId, { pinned: true });
    await set(ada, chatId, { archived: false, muted_until: null });
    for (const socket of [phone, laptop]) {
      expect(await socket.rest()).toEqual([{ type: 'chat.settings', me_pts: 1, data }]);
    }
    expect(await bobs.rest()).toEqual([]);
    await set(ada, chatId, { pinned: false });
    expect(await phone.take('chat.settings')).toMatchObject({ me_pts: 2, data: { pinned: false } });
  });

  it('is not for outsiders, nor for users who have left', async () => {
    const { bob, eve, chatId } = await group();
    expectError(await set(eve, chatId, { pinned: true }), 404, 'CHAT_DOES_NOT_EXIST');
    expectError(await set(eve, 9_999_999, { pinned: true }), 404, 'CHAT_DOES_NOT_EXIST');
    await bob.delete(`/chat/${chatId}/participants/${bob.id}`);
    expectError(await set(bob, chatId, { pinned: true }), 404, 'CHAT_DOES_NOT_EXIST');
    expect(await sync(eve, 0)).toMatchObject({ me: { me_pts: 0, changes: [] } });
  });

  it.each([
    [{}],
    [{ pinned: 'true' }],
    [{ archived: null }],
    [{ muted_until: 'tomorrow' }],
    [{ muted_until: '2026-12-31T23:59:60Z' }],
    [{ muted_until: '0000-01-01T00:00:00Z' }],
    [{ muted_until: 5 }],
    [{ pinned: true, color: 'red' }],
  ])('refuses %j', async (settings) => {
    const { ada, chatId } = await group();
    expectError(await set(ada, chatId, settings), 422, 'VALIDATION_ERROR', { errors: expect.any(Object) });
    expect(await sync(ada, 0)).toMatchObject({ me: { me_pts: 0 } });
  });

  it('numbers what happens at the same time without a gap, together with read marks', async () => {
    const { ada, bob, chatId } = await group();
    const chatIds = [chatId, ...(await Promise.all([1, 2, 3].map(() => ada.openGroup([bob]))))];
    const messages = await Promise.all(chatIds.map((id) => bob.send(id, 'hello')));
    const socket = await Socket.of(ada);
    await Promise.all(
      chatIds.flatMap((id, index) => [
        set(ada, id, { pinned: true }),
        set(ada, id, { archived: true }),
        ada.post(`/chat/${id}/read`, { message_id: messages[index]!.id }),
      ]),
    );
    const numbers = (await socket.rest()).flatMap(({ me_pts }) => me_pts ?? []);
    expect(numbers).toEqual(Array.from({ length: 12 }, (_, index) => index + 1));
  });

  it('begins afresh for who was removed and is added again', async () => {
    const { ada, bob, chatId } = await group();
    await set(bob, chatId, { pinned: true, muted_until: UNTIL });
    await ada.delete(`/chat/${chatId}/participants/${bob.id}`);
    await ada.post(`/chat/${chatId}/participants`, { user_ids: [bob.id] });
    const { chats } = await sync(bob, 1, { chats: { [chatId]: 1 } });
    expect(chats).toMatchObject([{ chat_id: chatId, pinned: false, muted_until: null }]);
  });
});

describe('GET /user/chats', () => {
  it('has all chats, and with a filter some of them', async () => {
    const { ada, bob, chatId: first } = await group();
    const [second, third] = [await ada.openGroup([bob]), await ada.openGroup([bob])];
    await set(ada, first, { archived: true });
    await set(ada, second, { pinned: true });
    const list = async (query: string) =>
      ((await ada.get(`/user/chats${query}`)).body.chats as { id: number }[]).map(({ id }) => id);
    expect(await list('')).toEqual([third, second, first]);
    expect(await list('?archived=true')).toEqual([first]);
    expect(await list('?archived=false')).toEqual([third, second]);
    expect(await list('?pinned=true')).toEqual([second]);
    expect(await list('?pinned=false&archived=false')).toEqual([third]);
    expectError(await ada.get('/user/chats?pinned=1'), 422, 'VALIDATION_ERROR', { errors: expect.any(Object) });
  });
});

describe('the own log in POST /sync', () => {
  it('is there for users who ask for it', async () => {
    const { ada } = await group();
    expect(await sync(ada, 0)).toMatchObject({ me: { me_pts: 0, has_more: false, reset: false, changes: [] } });
    expect((await ada.post('/sync', { epoch: null, chats: {} })).body).not.toHaveProperty('me');
  });

  it('brings each state once, as it is now, in the order of the numbers', async () => {
    const { ada, bob, chatId } = await group();
    const other = await ada.openGroup([bob]);
    const { id } = await bob.send(chatId, 'hello');
    await bob.send(chatId, 'again');
    await set(ada, chatId, { pinned: true });
    await set(ada, other, { archived: true });
    await ada.post(`/chat/${chatId}/read`, { message_id: id });
    await set(ada, chatId, { pinned: false });
    const archived = {
      chat_id: other,
      muted_until: null,
      pinned: false,
      archived: true,
      private: {},
      notifications: 'default',
      ...OWNER,
    };
    const read = {
      chat_id: chatId,
      last_read_message_id: id,
      unread_count: 1,
      unread_mentions: 0,
      marked_unread: false,
    };
    const plain = { ...archived, chat_id: chatId, archived: false };
    const changes = [
      { type: 'chat.settings', me_pts: 2, data: archived },
      { type: 'chat.read_mark', me_pts: 3, data: read },
      { type: 'chat.settings', me_pts: 4, data: plain },
    ];
    expect((await sync(ada, 0)).me).toEqual({ me_pts: 4, has_more: false, reset: false, changes });
    expect((await sync(ada, 2)).me).toEqual({ me_pts: 4, has_more: false, reset: false, changes: changes.slice(1) });
    expect((await sync(ada, 4)).me).toEqual({ me_pts: 4, has_more: false, reset: false, changes: [] });
    // More than there is, or of another epoch: all of it, and the client is told to forget the rest.
    expect((await sync(ada, 5)).me).toEqual({ me_pts: 4, has_more: false, reset: true, changes });
    expect((await sync(ada, 4, { epoch: 'another' })).me).toEqual({ me_pts: 4, has_more: false, reset: true, changes });
  });

  it('comes in slices of two hundred', async () => {
    const ada = await register(test);
    // As 210 changes of settings leave it.
    await test.db.$executeRaw`
      with opened as (
        insert into chat (type, name, creator_id, last_pts) select 'group', 'x', ${ada.id}, 1 from generate_series(1, 210)
        returning id
      )
      insert into chat_participant (chat_id, user_id, pinned_at, settings_me_pts)
      select id, ${ada.id}, now(), row_number() over (order by id) from opened`;
    await test.db.userLog.create({ data: { user_id: BigInt(ada.id), me_pts: 210n } });
    const first = (await sync(ada, 0)).me;
    expect(first).toMatchObject({ me_pts: 200, has_more: true });
    expect(first.changes).toHaveLength(200);
    const rest = (await sync(ada, 200)).me;
    expect(rest).toMatchObject({ me_pts: 210, has_more: false });
    expect(rest.changes).toHaveLength(10);
  });
});
