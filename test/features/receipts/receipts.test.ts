import { describe, expect, it } from 'vitest';
import { expectError, register, registerMany, type Person } from '../../support/client.js';
import { Socket, useServer } from '../../support/socket.js';

const test = useServer();

async function group() {
  const [ada, bob, eve] = (await registerMany(test, 3)) as [Person, Person, Person];
  const chatId = await ada.openGroup([bob, eve]);
  const { id } = await ada.send(chatId, 'hello');
  const delivered = (person: Person, message_id = id) => person.post(`/chat/${chatId}/delivered`, { message_id });
  const read = (person: Person, message_id = id) => person.post(`/chat/${chatId}/read`, { message_id });
  return { ada, bob, eve, chatId, id, delivered, read };
}

const receiptsOf = async (person: Person, id: number) => (await person.get(`/message/${id}/receipts`)).body;

describe('receipts', () => {
  it('say who has received a message and who has read it', async () => {
    const { ada, bob, eve, chatId, id, delivered, read } = await group();
    const nobody = { read_count: 0, delivered_count: 0, of_count: 2, read: [], delivered: [] };
    expect(await receiptsOf(ada, id)).toEqual(nobody);
    expect((await delivered(bob)).body).toEqual({ chat_id: chatId, delivered_message_id: id });
    expect(await receiptsOf(ada, id)).toEqual({ ...nobody, delivered_count: 1, delivered: [bob.shown] });
    await read(eve);
    const both = { ...nobody, read_count: 1, delivered_count: 2, read: [eve.shown], delivered: [bob.shown] };
    expect(await receiptsOf(ada, id)).toEqual(both);
    expect(await receiptsOf(bob, id)).toEqual(both);
    // What has been read has been received, and nothing goes back.
    expect((await delivered(eve, 1)).body).toEqual({ chat_id: chatId, delivered_message_id: id });
    expect((await delivered(bob, id + 1_000_000)).body.delivered_message_id).toBe(id);
    const next = await ada.send(chatId, 'again');
    expect(await receiptsOf(ada, next.id)).toEqual(nobody);
    await read(bob, next.id);
    expect(await receiptsOf(ada, id)).toEqual({
      ...both,
      read_count: 2,
      read: [bob, eve].sort((one, other) => one.id - other.id).map(({ shown }) => shown),
      delivered: [],
    });
  });

  it('count nobody who came later and does not see the message', async () => {
    const { ada, bob, chatId, id } = await group();
    const late = await register(test);
    await ada.patch(`/chat/${chatId}`, { history_from_now: true });
    await ada.post(`/chat/${chatId}/participants`, { user_ids: [late.id] });
    const next = await bob.send(chatId, 'welcome');
    await late.post(`/chat/${chatId}/read`, { message_id: next.id });
    expect(await receiptsOf(ada, id)).toMatchObject({ of_count: 2, read_count: 0 });
    expect(await receiptsOf(ada, next.id)).toMatchObject({ of_count: 3, read: [late.shown] });
    expectError(await late.get(`/message/${id}/receipts`), 404, 'MESSAGE_DOES_NOT_EXIST');
  });

  it('name nobody in a chat of more than 100 people', async () => {
    const [ada, ...others] = (await registerMany(test, 101)) as [Person, ...Person[]];
    const chatId = await ada.openGroup(others);
    const { id } = await ada.send(chatId, 'hello');
    const [bob, eve] = others as [Person, Person];
    const sockets = [await Socket.of(ada), await Socket.of(eve)];
    await bob.post(`/chat/${chatId}/delivered`, { message_id: id });
    await bob.post(`/chat/${chatId}/read`, { message_id: id });
    await eve.post(`/chat/${chatId}/delivered`, { message_id: id });
    const counts = { read_count: 1, delivered_count: 2, of_count: 100, read: null, delivered: null };
    expect(await receiptsOf(ada, id)).toEqual(counts);
    expect(await sockets[0]!.rest()).toEqual([]);
    // The own devices learn of it.
    expect((await sockets[1]!.rest()).map(({ type }) => type)).toEqual(['chat.delivered']);
  });

  it('are refused to an outsider', async () => {
    const { id, delivered } = await group();
    const outsider = await register(test);
    expectError(await outsider.get(`/message/${id}/receipts`), 404, 'MESSAGE_DOES_NOT_EXIST');
    expectError(await delivered(outsider), 404, 'CHAT_DOES_NOT_EXIST');
  });
});

describe('the event', () => {
  it('tells everybody in the chat once of what a device has received, over the socket too', async () => {
    const { ada, bob, eve, chatId, id } = await group();
    const [adas, bobs, outsiders] = await Promise.all([ada, bob, await register(test)].map((each) => Socket.of(each)));
    bobs!.send({ type: 'delivered', chat_id: chatId, message_id: id });
    expect(await bobs!.take('delivered.done')).toMatchObject({ data: { delivered_message_id: id } });
    const event = { type: 'chat.delivered', chat_id: chatId, data: { user_id: bob.id, message_id: id } };
    expect(await adas!.take('chat.delivered')).toEqual(event);
    await bob.post(`/chat/${chatId}/delivered`, { message_id: id });
    await eve.post(`/chat/${chatId}/read`, { message_id: id });
    await eve.post(`/chat/${chatId}/delivered`, { message_id: id });
    expect((await adas!.rest()).map(({ type }) => type)).toEqual(['chat.read']);
    expect(await outsiders!.rest()).toEqual([]);
  });
});

const byUser = (one: { user_id: number }, other: { user_id: number }) => one.user_id - other.user_id;

describe('shows_receipts', () => {
  it('hides what somebody has received and read from all others, and theirs from them', async () => {
    const { ada, bob, eve, chatId, id, delivered, read } = await group();
    expect((await bob.patch('/user/me', { shows_receipts: false })).body).toMatchObject({ shows_receipts: false });
    const [adas, bobs, eves] = await Promise.all([ada, bob, eve].map((person) => Socket.of(person)));
    await delivered(bob);
    await read(bob);
    expect((await bobs!.rest()).map(({ type }) => type).sort()).toEqual([
      'chat.delivered',
      'chat.read',
      'chat.read_mark',
    ]);
    await delivered(eve);
    await read(eve);
    for (const socket of [adas, eves]) {
      const events = (await socket!.rest()).filter(({ type }) => type !== 'chat.read_mark');
      expect(events).toMatchObject([
        { type: 'chat.delivered', data: { user_id: eve.id } },
        { type: 'chat.read', data: { user_id: eve.id } },
      ]);
    }
    expect(await bobs!.rest()).toEqual([]);
    expect(await receiptsOf(ada, id)).toMatchObject({ of_count: 1, read: [eve.shown], delivered: [] });
    expectError(await bob.get(`/message/${id}/receipts`), 403, 'RECEIPTS_OFF');

    // A sync says the same.
    const marksFor = async (person: Person) => {
      const { body } = await person.post('/sync', { epoch: null, chats: { [chatId]: 1 } });
      return body.chats[0].read_marks.sort(byUser);
    };
    expect(await marksFor(ada)).toEqual([{ user_id: eve.id, message_id: id }]);
    expect(await marksFor(bob)).toEqual([]);
    await bob.patch('/user/me', { shows_receipts: true });
    expect(await marksFor(ada)).toEqual(
      [bob, eve].map(({ id: user_id }) => ({ user_id, message_id: id })).sort(byUser),
    );
    expect(await marksFor(bob)).toEqual([{ user_id: eve.id, message_id: id }]);
  });
});
