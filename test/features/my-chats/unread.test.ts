import { describe, expect, it } from 'vitest';
import { call, expectError, registerMany, type Person } from '../../support/client.js';
import { Host } from '../../support/host.js';
import { Socket, useServer } from '../../support/socket.js';

const test = useServer();

const markUnread = (person: Person, chatId: number) => person.post(`/chat/${chatId}/unread`, undefined);
const isMarked = async (person: Person, chatId: number) => (await person.get(`/chat/${chatId}`)).body.marked_unread;
const badge = async (person: Person) => (await person.get('/user/badge')).body;

async function group() {
  const [ada, bob, eve] = (await registerMany(test, 3)) as [Person, Person, Person];
  return { ada, bob, eve, chatId: await ada.openGroup([bob]) };
}

describe('POST /chat/{chat_id}/unread', () => {
  it('marks the chat for oneself alone, on all devices, and once', async () => {
    const { ada, bob, chatId } = await group();
    const { id } = await bob.send(chatId, 'hello');
    await ada.post(`/chat/${chatId}/read`, { message_id: id });
    const [phone, bobs] = [await Socket.of(ada), await Socket.of(bob)];
    const data = {
      chat_id: chatId,
      last_read_message_id: id,
      unread_count: 0,
      marked_unread: true,
      unread_mentions: 0,
    };
    for (let count = 0; count < 2; count++) expect((await markUnread(ada, chatId)).body).toEqual(data);
    expect(await phone.rest()).toEqual([{ type: 'chat.read_mark', me_pts: 2, data }]);
    expect(await bobs.rest()).toEqual([]);
    expect((await ada.get('/user/chats')).body.chats).toMatchObject([{ marked_unread: true }]);
    expect(await isMarked(bob, chatId)).toBe(false);
  });

  it('ends with a read, also of what has been read before', async () => {
    const { ada, bob, chatId } = await group();
    const { id } = await bob.send(chatId, 'hello');
    await ada.post(`/chat/${chatId}/read`, { message_id: id });
    await markUnread(ada, chatId);
    const [phone, bobs] = [await Socket.of(ada), await Socket.of(bob)];
    const { body } = await ada.post(`/chat/${chatId}/read`, { message_id: id });
    expect(body).toMatchObject({ last_read_message_id: id, marked_unread: false });
    expect(await phone.rest()).toEqual([{ type: 'chat.read_mark', me_pts: 3, data: body }]);
    // Nobody has read on: the others have nothing to be told.
    expect(await bobs.rest()).toEqual([]);
    expect(await isMarked(ada, chatId)).toBe(false);
  });

  it("ends with a message of one's own, and with none of others", async () => {
    const { ada, bob, chatId } = await group();
    await markUnread(ada, chatId);
    await bob.send(chatId, 'hello');
    expect(await isMarked(ada, chatId)).toBe(true);
    const phone = await Socket.of(ada);
    await ada.send(chatId, 'hi');
    expect((await phone.take('chat.read_mark')).data).toMatchObject({ unread_count: 1, marked_unread: false });
    expect(await isMarked(ada, chatId)).toBe(false);
  });

  it("ends with a message that is sent over a socket, and by the host application in one's name", async () => {
    const { ada, chatId } = await group();
    await markUnread(ada, chatId);
    const phone = await Socket.of(ada);
    phone.send({ type: 'send', chat_id: chatId, contents: 'hi', client_id: 'one' });
    await phone.take('send.done');
    expect(await isMarked(ada, chatId)).toBe(false);
    await markUnread(ada, chatId);
    const host = await Host.of(test);
    expect((await host.as(String(ada.id), 'POST', `/chat/${chatId}/message`, { contents: 'x' })).status).toBe(200);
    expect(await isMarked(ada, chatId)).toBe(false);
  });

  it('works in a chat without messages, where any read ends it', async () => {
    const { ada, chatId } = await group();
    expect((await markUnread(ada, chatId)).body).toMatchObject({ last_read_message_id: null, marked_unread: true });
    expect(await badge(ada)).toEqual({ messages: 0, chats: 1, mentions: 0 });
    expect((await ada.post(`/chat/${chatId}/read`, { message_id: 1 })).body).toMatchObject({ marked_unread: false });
    expect(await badge(ada)).toEqual({ messages: 0, chats: 0, mentions: 0 });
  });

  it('makes of two devices at once changes without a gap, and one last state for both', async () => {
    const { ada, bob, chatId } = await group();
    const { id } = await bob.send(chatId, 'hello');
    const phone = await Socket.of(ada);
    await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        n % 2 === 0 ? markUnread(ada, chatId) : ada.post(`/chat/${chatId}/read`, { message_id: id }),
      ),
    );
    const events = (await phone.rest()).filter(({ type }) => type === 'chat.read_mark');
    expect(events.map(({ me_pts }) => me_pts)).toEqual(events.map((_, n) => n + 1));
    expect(events.at(-1)!.data).toMatchObject({ marked_unread: await isMarked(ada, chatId) });
  });

  it('is not for outsiders, nor for users who have left; and begins afresh for who comes back', async () => {
    const { ada, bob, eve, chatId } = await group();
    expectError(await markUnread(eve, chatId), 404, 'CHAT_DOES_NOT_EXIST');
    expectError(await markUnread(eve, 9_999_999), 404, 'CHAT_DOES_NOT_EXIST');
    await markUnread(bob, chatId);
    await bob.delete(`/chat/${chatId}/participants/${bob.id}`);
    expectError(await markUnread(bob, chatId), 404, 'CHAT_DOES_NOT_EXIST');
    await ada.post(`/chat/${chatId}/participants`, { user_ids: [bob.id] });
    expect(await isMarked(bob, chatId)).toBe(false);
    const gone = test.app.createAccessToken(9_999_999);
    expectError(await call(test, 'POST', `/chat/${chatId}/unread`, { token: gone }), 401, 'NOT_AUTHORIZED');
  });
});

describe('GET /user/badge', () => {
  it('counts messages and chats that are neither muted nor archived, as a sync does', async () => {
    const { ada, bob, chatId: first } = await group();
    const [second, muted, archived, past] = (await Promise.all([1, 2, 3, 4].map(() => ada.openGroup([bob])))) as [
      number,
      number,
      number,
      number,
    ];
    for (const chatId of [first, second, muted, archived, past]) await bob.send(chatId, 'hello');
    await bob.send(first, 'once more');
    await ada.send(first, 'of oneself');
    await ada.patch(`/chat/${muted}/settings`, { muted_until: '2100-01-01T00:00:00Z' });
    await ada.patch(`/chat/${archived}/settings`, { archived: true });
    await ada.patch(`/chat/${past}/settings`, { muted_until: '2020-01-01T00:00:00Z' });
    await markUnread(ada, muted);
    expect(await badge(ada)).toEqual({ messages: 4, chats: 3, mentions: 0 });
    expect(await badge(bob)).toEqual({ messages: 1, chats: 1, mentions: 0 });
    const { body } = await ada.post('/sync', { epoch: null, chats: {}, badge: true });
    expect(body.badge).toEqual({ messages: 4, chats: 3, mentions: 0 });
    expect((await ada.post('/sync', { epoch: null, chats: {} })).body.badge).toBeUndefined();
  });

  it('counts as the chats do: neither silent messages nor what was there before one came', async () => {
    const { ada, bob, eve, chatId } = await group();
    await ada.send(chatId, 'of before');
    await ada.post(`/chat/${chatId}/participants`, { user_ids: [eve.id] });
    const host = await Host.of(test);
    await host.as(String(ada.id), 'POST', `/server/chats/${chatId}/message`, { contents: 'x', silent: true });
    expect(await badge(eve)).toEqual({ messages: 0, chats: 0, mentions: 0 });
    expect(await badge(bob)).toEqual({ messages: 1, chats: 1, mentions: 0 });
  });

  it('is of the chats of a narrowed token alone, and of nobody who is gone', async () => {
    const { ada, bob, chatId } = await group();
    const other = await ada.openGroup([bob]);
    for (const id of [chatId, other]) await bob.send(id, 'hello');
    const host = await Host.of(test);
    const { body } = await host.post(`/server/users/${ada.id}/token`, { chats: [String(chatId)] });
    const narrowed = await call(test, 'GET', '/user/badge', { token: body.access_token });
    expect(narrowed.body).toEqual({ messages: 1, chats: 1, mentions: 0 });
    expectError(
      await call(test, 'GET', '/user/badge', { token: test.app.createAccessToken(9_999_999) }),
      401,
      'NOT_AUTHORIZED',
    );
  });
});

describe('the level of notifications', () => {
  it('is `default` in each chat and `all` for the user, until something else is said', async () => {
    const { ada, bob, chatId } = await group();
    const phone = await Socket.of(ada);
    const { body } = await ada.patch(`/chat/${chatId}/settings`, { notifications: 'mentions' });
    expect(body).toMatchObject({ notifications: 'mentions' });
    expect(await phone.take('chat.settings')).toMatchObject({ me_pts: 1, data: body });
    expect((await ada.get(`/chat/${chatId}`)).body.notifications).toBe('mentions');
    expect((await bob.get(`/chat/${chatId}`)).body.notifications).toBe('default');
    expect((await ada.patch(`/chat/${chatId}/settings`, { notifications: 'default' })).body.notifications).toBe(
      'default',
    );
    expect((await ada.get('/user/me')).body.notifications).toBe('all');
    expect((await ada.patch('/user/me', { notifications: 'none' })).body.notifications).toBe('none');
    await phone.take('chat.settings');
    expect(await phone.take('me.updated')).toMatchObject({ me_pts: 3, data: { notifications: 'none' } });
    expect((await bob.get(`/user/${ada.id}`)).body.notifications).toBeUndefined();
  });

  it.each(['some', null, 5])('refuses %j', async (notifications) => {
    const { ada, chatId } = await group();
    expectError(await ada.patch(`/chat/${chatId}/settings`, { notifications }), 422, 'VALIDATION_ERROR', {
      errors: expect.any(Object),
    });
    expectError(await ada.patch('/user/me', { notifications }), 422, 'VALIDATION_ERROR', {
      errors: expect.any(Object),
    });
  });
});
