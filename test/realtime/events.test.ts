import { describe, expect, it } from 'vitest';
import { asRead, registerMany, uniqueName, type Answer, type Person } from '../support/client.js';
import { Socket, useServer, type Frame } from '../support/socket.js';

const test = useServer();

/** A group of two, one of whom has two devices, and somebody who is not in it. */
async function group() {
  const [ada, bob, eve] = (await registerMany(test, 3)) as [Person, Person, Person];
  const chatId = await ada.openGroup([bob]);
  const [phone, laptop, bobs, eves] = await Promise.all([ada, ada, bob, eve].map((person) => Socket.of(person)));
  return { ada, bob, eve, chatId, phone: phone!, laptop: laptop!, bobs: bobs!, eves: eves! };
}

describe('an event', () => {
  it('tells each device of everyone in the chat of each change, and nobody else', async () => {
    const { ada, bob, eve, chatId, phone, laptop, bobs, eves } = await group();
    const everywhere = async (expected: Frame) => {
      for (const socket of [phone, laptop, bobs]) {
        expect(await socket.take(expected.type)).toEqual({ chat_id: chatId, ...expected });
      }
    };

    const sent = await ada.send(chatId, 'hello', uniqueName());
    expect(asRead(sent)).toHaveProperty('client_id');
    await everywhere({ type: 'message.created', pts: 2, data: asRead(sent) });

    const { body: edited } = await ada.patch(`/message/${sent.id}`, { contents: 'Hello' });
    await everywhere({ type: 'message.updated', pts: 3, data: asRead(edited) });

    const { body: renamed } = await bob.patch(`/chat/${chatId}`, { name: 'Engines' });
    const data = { name: 'Engines', updated_at: renamed.updated_at, actor_id: bob.id };
    await everywhere({ type: 'chat.updated', pts: 4, data });

    await bob.post(`/chat/${chatId}/read`, { message_id: sent.id });
    await everywhere({ type: 'chat.read', data: { user_id: bob.id, message_id: sent.id } });
    const mark = {
      chat_id: chatId,
      last_read_message_id: sent.id,
      unread_count: 0,
      unread_mentions: 0,
      marked_unread: false,
    };
    expect(await bobs.take('chat.read_mark')).toEqual({ type: 'chat.read_mark', me_pts: 1, data: mark });

    await ada.delete(`/message/${sent.id}`);
    await everywhere({ type: 'message.deleted', pts: 5, data: { id: sent.id } });
    expect(await eves.rest()).toEqual([]);

    await ada.post(`/chat/${chatId}/participants`, { user_ids: [eve.id] });
    const users = [eve.shown];
    await everywhere({ type: 'participant.added', pts: 6, data: { users, participant_count: 3, actor_id: ada.id } });

    await eve.delete(`/chat/${chatId}/participants/${eve.id}`);
    const gone = { user_id: eve.id, participant_count: 2, actor_id: eve.id };
    await everywhere({ type: 'participant.removed', pts: 7, data: gone });
    for (const socket of [phone, laptop, bobs]) expect(await socket.rest()).toEqual([]);
  });

  it('comes of no change that did not happen', async () => {
    const { ada, bob, chatId, phone } = await group();
    const client_id = uniqueName();
    const { id } = await ada.send(chatId, 'once', client_id);
    await ada.send(chatId, 'once', client_id);
    await bob.patch(`/message/${id}`, { contents: 'x' });
    await ada.patch(`/message/${id}`, { contents: 'once' });
    await ada.patch(`/chat/${chatId}`, { name: (await ada.get(`/chat/${chatId}`)).body.name });
    await ada.post(`/chat/${chatId}/participants`, { user_ids: [bob.id] });
    await ada.post(`/chat/${chatId}/read`, { message_id: id });
    await ada.post(`/chat/${chatId}/read`, { message_id: id });
    expect((await phone.rest()).map(({ type }) => type)).toEqual(['message.created', 'chat.read_mark', 'chat.read']);
  });

  it('tells of a new chat on each device of both', async () => {
    const { bob, eve, bobs, eves } = await group();
    const chatId = await bob.openPrivate(eve);
    for (const [person, socket] of [
      [bob, bobs],
      [eve, eves],
    ] as const) {
      const { body: data } = await person.get(`/chat/${chatId}`);
      expect(await socket.take('chat.created')).toEqual({ type: 'chat.created', chat_id: chatId, pts: 1, data });
    }
    await eve.send(chatId, 'hi');
    for (const socket of [bobs, eves]) expect(await socket.take('message.created')).toMatchObject({ pts: 2 });
  });

  it('tells a user who is added of the chat as it is, and then of what follows', async () => {
    const { ada, eve, chatId, eves } = await group();
    await ada.send(chatId, 'before');
    await ada.post(`/chat/${chatId}/participants`, { user_ids: [eve.id] });
    const { body: data } = await eve.get(`/chat/${chatId}`);
    expect(data).toMatchObject({ unread_count: 0 });
    expect(await eves.take('chat.created')).toEqual({ type: 'chat.created', chat_id: chatId, pts: 3, data });
    await ada.send(chatId, 'after');
    expect(await eves.rest()).toMatchObject([{ type: 'message.created', pts: 4 }]);
  });

  it('of their removal is the last that somebody gets', async () => {
    const { ada, bob, chatId, phone, bobs } = await group();
    await ada.delete(`/chat/${chatId}/participants/${bob.id}`);
    const { id } = await ada.send(chatId, 'without Bob');
    await ada.post(`/chat/${chatId}/read`, { message_id: id });
    const removed = { type: 'participant.removed', chat_id: chatId, pts: 2 };
    expect(await bobs.rest()).toEqual([
      { ...removed, data: { participant_count: 1, user_id: bob.id, actor_id: ada.id } },
    ]);
    expect(await phone.rest()).toMatchObject([
      removed,
      { type: 'message.created', pts: 3 },
      { type: 'chat.read_mark', me_pts: 1 },
      { type: 'chat.read' },
    ]);

    await ada.post(`/chat/${chatId}/participants`, { user_ids: [bob.id] });
    expect(await bobs.take('chat.created')).toMatchObject({ chat_id: chatId, pts: 4 });
    await ada.send(chatId, 'with Bob');
    expect(await bobs.rest()).toMatchObject([{ type: 'message.created', pts: 5 }]);
  });

  it('of a large chat that is new is a hint, and then what happens in it', async () => {
    const [ada, bob, ...others] = (await registerMany(test, 101)) as [Person, Person, ...Person[]];
    const socket = await Socket.of(bob);
    const chatId = await ada.openGroup([bob, ...others]);
    expect(await socket.take('chat.advanced')).toEqual({ type: 'chat.advanced', chat_id: chatId, pts: 1 });
    const { data } = await socket.ask({ type: 'sync', epoch: null, chats: {} });
    expect(data.joined).toMatchObject([{ id: chatId, pts: 1 }]);
    await ada.send(chatId, 'hello');
    expect(await socket.rest()).toMatchObject([{ type: 'message.created', chat_id: chatId, pts: 2 }]);
  });

  it('says in a large chat only to oneself how far one has read', async () => {
    const [ada, bob, ...others] = (await registerMany(test, 101)) as [Person, Person, ...Person[]];
    const chatId = await ada.openGroup([bob, ...others]);
    const [adas, bobs, bobsOther] = await Promise.all([ada, bob, bob].map((person) => Socket.of(person)));
    const { id } = await ada.send(chatId, 'hello');
    await bob.post(`/chat/${chatId}/read`, { message_id: id });
    const read = { type: 'chat.read', chat_id: chatId, data: { user_id: bob.id, message_id: id } };
    for (const socket of [bobs!, bobsOther!]) expect(await socket.take('chat.read')).toEqual(read);
    expect((await adas!.rest()).map(({ type }) => type)).toEqual(['message.created']);
  });

  it('comes in order and without gaps, however many send at once', async () => {
    const { ada, bob, chatId, phone, laptop, bobs } = await group();
    const count = 120;
    const frames = Array.from({ length: count / 2 }, (_, index) => {
      return { type: 'send', chat_id: chatId, contents: `${index}`, client_id: uniqueName() };
    });
    await Promise.all([
      ...frames.map((frame) => laptop.ask(frame)),
      ...frames.map(({ contents }) => (Number(contents) % 2 ? ada : bob).send(chatId, contents)),
    ]);
    for (const socket of [phone, laptop, bobs]) {
      const events = await socket.takeMany('message.created', count);
      expect(events.map(({ pts }) => pts)).toEqual(events.map((_, index) => index + 2));
    }
  });

  it('may be larger than what a frame can say in two bytes', async () => {
    const [ada, bob] = (await registerMany(test, 2)) as [Person, Person];
    const chatId = await ada.openPrivate(bob);
    const socket = await Socket.of(bob);
    const contents = '👩‍🚀'.repeat(680);
    const { id } = await ada.send(chatId, contents);
    expect((await socket.take('message.created')).data).toMatchObject({ id, contents });
    for (let count = 0; count < 12; count++) await ada.send(chatId, contents);
    const { data } = await socket.ask({ type: 'sync', epoch: null, chats: { [chatId]: 1 } });
    expect(data.chats[0].changes).toHaveLength(13);
    expect(data.chats[0].changes[12].data.contents).toBe(contents);
  });
});

describe('typing', () => {
  it('is told to the others in the chat', async () => {
    const { bob, chatId, phone, laptop, bobs, eves } = await group();
    const bobsOther = await Socket.of(bob);
    bobs.send({ type: 'typing', chat_id: chatId });
    for (const socket of [phone, laptop]) {
      expect(await socket.take('typing')).toEqual({ type: 'typing', chat_id: chatId, data: { user_id: bob.id } });
    }
    for (const socket of [bobs, bobsOther, eves]) expect(await socket.rest()).toEqual([]);
  });

  it('is not for outsiders', async () => {
    const { eve, ada, chatId, eves, phone } = await group();
    expect(await eves.ask({ type: 'typing', chat_id: chatId })).toMatchObject({
      status_code: 404,
      details: { code: 'CHAT_DOES_NOT_EXIST' },
    });
    expect(await phone.rest()).toEqual([]);
    await ada.post(`/chat/${chatId}/participants`, { user_ids: [eve.id] });
    await eves.take('chat.created');
    eves.send({ type: 'typing', chat_id: chatId });
    expect(await phone.take('typing')).toMatchObject({ data: { user_id: eve.id } });
  });
});

describe('a frame', () => {
  it('sends as REST does, and is answered as it', async () => {
    const { ada, bob, chatId, phone, laptop, bobs } = await group();
    const request = { contents: 'hello', client_id: uniqueName() };
    const answer = await phone.ask({ type: 'send', chat_id: chatId, ...request });
    expect(answer).toMatchObject({ type: 'send.done', data: { ...request, pts: 2, author_id: ada.id } });
    for (const socket of [phone, laptop, bobs]) {
      expect(await socket.take('message.created')).toEqual({
        type: 'message.created',
        chat_id: chatId,
        pts: 2,
        data: asRead(answer.data),
      });
    }
    const repeated = { ...answer.data, deduplicated: true };
    expect(await ada.send(chatId, request.contents, request.client_id)).toEqual(repeated);
    expect((await laptop.ask({ type: 'send', chat_id: chatId, ...request })).data).toEqual(repeated);
    expect((await bob.get(`/chat/${chatId}/messages`)).body.messages).toEqual([asRead(answer.data)]);
    for (const socket of [phone, laptop, bobs]) expect(await socket.rest()).toEqual([]);
  });

  it('reads as REST does, and is answered as it', async () => {
    const { ada, bob, chatId, phone, bobs } = await group();
    const { id } = await ada.send(chatId, 'hello');
    const { type, data } = await bobs.ask({ type: 'read', chat_id: chatId, message_id: id });
    expect(type).toBe('read.done');
    expect(data).toEqual({
      chat_id: chatId,
      last_read_message_id: id,
      unread_count: 0,
      unread_mentions: 0,
      marked_unread: false,
    });
    expect((await bob.post(`/chat/${chatId}/read`, { message_id: id })).body).toEqual(data);
    expect(await phone.take('chat.read')).toMatchObject({ data: { user_id: bob.id, message_id: id } });
  });

  it('sends nothing without a client_id', async () => {
    const { chatId, phone } = await group();
    expect(await phone.ask({ type: 'send', chat_id: chatId, contents: 'x' })).toMatchObject({
      status_code: 422,
      details: { errors: { client_id: expect.any(String) } },
    });
  });

  /** What is wrong, without what differs from one request to the next. */
  const wrongOf = ({ status_code, details }: Pick<Frame, 'status_code' | 'details'>) => {
    return { status_code, details: { ...details, request_id: '' } };
  };

  it('is refused as REST refuses it', async () => {
    const { ada, bob, eve, chatId, phone, eves } = await group();
    const [taken, gone] = [uniqueName(), uniqueName()];
    await ada.send(chatId, 'taken', taken);
    await ada.delete(`/message/${(await ada.send(chatId, 'gone', gone)).id}`);
    const otherId = await ada.openPrivate(bob);

    const cases: [Person, Socket, 'send' | 'read', number, object, string][] = [
      [eve, eves, 'send', chatId, { contents: 'x', client_id: uniqueName() }, 'CHAT_DOES_NOT_EXIST'],
      [ada, phone, 'send', 2_000_000_000, { contents: 'x', client_id: uniqueName() }, 'CHAT_DOES_NOT_EXIST'],
      [ada, phone, 'send', chatId, { contents: 'other', client_id: taken }, 'CLIENT_ID_TAKEN'],
      [ada, phone, 'send', otherId, { contents: 'taken', client_id: taken }, 'CLIENT_ID_TAKEN'],
      [ada, phone, 'send', chatId, { contents: 'gone', client_id: gone }, 'MESSAGE_DELETED'],
      [ada, phone, 'send', chatId, { contents: '', client_id: uniqueName() }, 'VALIDATION_ERROR'],
      [ada, phone, 'send', chatId, { contents: 'x'.repeat(2048), client_id: uniqueName() }, 'VALIDATION_ERROR'],
      [ada, phone, 'send', chatId, { contents: '\0', client_id: uniqueName() }, 'VALIDATION_ERROR'],
      [ada, phone, 'send', chatId, { contents: 'x', client_id: '' }, 'VALIDATION_ERROR'],
      [eve, eves, 'read', chatId, { message_id: 1 }, 'CHAT_DOES_NOT_EXIST'],
      [ada, phone, 'read', chatId, { message_id: 0 }, 'VALIDATION_ERROR'],
    ];
    for (const [person, socket, type, id, fields, code] of cases) {
      const path = type === 'send' ? 'message' : 'read';
      const { status, body }: Answer = await person.post(`/chat/${id}/${path}`, fields);
      const answer = await socket.ask({ type, chat_id: id, ...fields });
      expect(wrongOf(answer)).toEqual(wrongOf(body));
      expect(answer).toMatchObject({ status_code: status, details: { code } });
    }
  });

  it('is not carried out for a user who is gone', async () => {
    const { eve, eves } = await group();
    await test.db.user.delete({ where: { id: BigInt(eve.id) } });
    const answer = eves
      .ask({ type: 'sync', epoch: null, chats: {} })
      .then(({ details }) => (details as { code: string }).code);
    // The server may have noticed by itself, and ended the connection.
    const ended = eves.closed.then(({ code }) => code);
    expect(['NOT_AUTHORIZED', 4401]).toContain(await Promise.any([answer, ended]));
  });
});
