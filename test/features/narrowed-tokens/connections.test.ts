import { beforeAll, describe, expect, it } from 'vitest';
import { Person, call, registerMany } from '../../support/client.js';
import { EventReader } from '../../support/event-reader.js';
import { Host } from '../../support/host.js';
import { Socket, useServer, type Frame } from '../../support/socket.js';

const test = useServer();

let host: Host;
beforeAll(async () => {
  host = await Host.of(test);
});

async function mint({ id }: Person, body: object): Promise<string> {
  return (await host.post(`/server/users/${id}/token`, body)).body.access_token;
}

/** Ada is in two chats, in each with another; her guest has a token for the first. */
async function world(rights = 'write') {
  const [ada, bob, eve] = (await registerMany(test, 3)) as [Person, Person, Person];
  const [chatId, otherId] = [await ada.openGroup([bob]), await ada.openGroup([eve])];
  const narrowing = { chats: [String(chatId)], rights };
  const token = await mint(ada, narrowing);
  const guest = new Person(ada.test, ada.id, ada.username, ada.email, token);
  return { ada, bob, eve, guest, chatId, otherId, narrowing, token };
}

const about = (frames: readonly Frame[]) => frames.map(({ type, chat_id }) => [type, chat_id]);

describe('a socket of a token that is narrowed to a chat', () => {
  it('gets the events of that chat, and nothing else', async () => {
    const { ada, bob, eve, guest, chatId, otherId } = await world();
    const [socket, whole] = [await Socket.of(guest), await Socket.of(ada)];
    await eve.send(otherId, 'elsewhere');
    await ada.patch(`/chat/${otherId}`, { name: 'renamed' });
    await ada.patch(`/chat/${chatId}/settings`, { pinned: true });
    await ada.post(`/chat/${otherId}/read`, { message_id: (await eve.send(otherId, '2')).id });
    await ada.put(`/user/blocks/${eve.id}`);
    const laterId = await eve.openGroup([ada]);
    const typist = await Socket.of(eve);
    await typist.ask({ type: 'sync', epoch: null, chats: {} });
    typist.send({ type: 'typing', chat_id: otherId });
    await typist.ask({ type: 'ping' });
    await bob.send(chatId, 'here');
    const other = await Socket.of(bob);
    other.send({ type: 'typing', chat_id: chatId });
    await socket.take('typing');
    const frames = await whole.rest();
    expect(about(frames)).toContainEqual(['chat.created', laterId]);
    expect(about(frames)).toContainEqual(['typing', otherId]);
    expect(about(await socket.rest())).toEqual([['message.created', chatId]]);
  });

  it('hears of the profiles of people of that chat alone', async () => {
    const { ada, bob, eve, guest } = await world();
    const [socket, whole] = [await Socket.of(guest), await Socket.of(ada)];
    await eve.patch('/user/me', { name: 'Eve' });
    expect(await whole.take('user.updated')).toMatchObject({ data: { id: eve.id } });
    await bob.patch('/user/me', { name: 'Bob' });
    expect(await socket.take('user.updated')).toMatchObject({ data: { id: bob.id } });
    await ada.patch('/user/me', { name: 'Ada' });
    expect(await socket.take('user.updated')).toMatchObject({ data: { id: ada.id } });
  });

  it('is told of the presence of people of that chat alone, for as long as they are in it', async () => {
    const { ada, bob, eve, guest, chatId } = await world();
    const socket = await Socket.of(guest);
    const both = { type: 'presence.subscribe', user_ids: [bob.id, eve.id] };
    expect((await socket.ask(both)).data).toMatchObject([{ user_id: bob.id, online: false }]);
    const [first] = [await Socket.of(bob), await Socket.of(eve)];
    expect((await socket.take('presence')).data).toMatchObject({ user_id: bob.id, online: true });
    // They still share a chat, of which the token knows nothing.
    await ada.openGroup([bob]);
    await ada.delete(`/chat/${chatId}/participants/${bob.id}`);
    await socket.take('participant.removed');
    first.webSocket.close();
    await first.closed;
    expect((await socket.ask(both)).data).toEqual([]);
    expect((await socket.rest()).map(({ type }) => type)).not.toContain('presence');
  });

  it('may ask about that chat alone', async () => {
    const { eve, guest, chatId, otherId } = await world();
    const socket = await Socket.of(guest);
    const { id } = await eve.send(otherId, 'x');
    const frames = (chat_id: number) => [
      { type: 'send', chat_id, contents: 'x', client_id: 'c' },
      { type: 'read', chat_id, message_id: id },
      { type: 'typing', chat_id },
    ];
    for (const frame of frames(otherId)) {
      expect(await socket.ask(frame)).toMatchObject({ status_code: 404, details: { code: 'CHAT_DOES_NOT_EXIST' } });
    }
    const [send, read] = frames(chatId);
    expect((await socket.ask(send!)).type).toBe('send.done');
    expect((await socket.ask(read!)).type).toBe('read.done');
  });

  it('is told of the chat when its user joins it later, and of the end of that', async () => {
    const [ada, bob, eve] = (await registerMany(test, 3)) as [Person, Person, Person];
    const [chatId, otherId] = [await bob.openGroup([eve]), await bob.openGroup([eve])];
    const token = await mint(ada, { chats: [String(chatId)] });
    const socket = await Socket.open(test, { token });
    await socket.take('ready');
    await bob.post(`/chat/${otherId}/participants`, { user_ids: [ada.id] });
    await bob.post(`/chat/${chatId}/participants`, { user_ids: [ada.id] });
    expect(await socket.take('chat.created')).toMatchObject({ chat_id: chatId });
    await bob.send(chatId, 'hello');
    await bob.send(otherId, 'hello');
    expect(await socket.take('message.created')).toMatchObject({ chat_id: chatId });
    await bob.delete(`/chat/${chatId}/participants/${ada.id}`);
    expect(await socket.take('participant.removed')).toMatchObject({ chat_id: chatId });
    expect(await socket.rest()).toEqual([]);
  });

  it('goes on with a token that is narrowed to the same, and ends at any other', async () => {
    const { ada, guest, chatId, otherId, narrowing } = await world();
    const socket = await Socket.of(guest);
    const same = { ...narrowing, chats: [String(chatId), String(chatId)] };
    expect((await socket.ask({ type: 'authenticate', token: await mint(ada, same) })).type).toBe('ready');
    const others = [
      ada.token,
      await mint(ada, { chats: [String(otherId)] }),
      await mint(ada, { chats: [String(chatId), String(otherId)] }),
      await mint(ada, { ...narrowing, rights: 'read' }),
      await mint(ada, { rights: 'read' }),
    ];
    for (const token of others) {
      const ended = await Socket.of(guest);
      ended.send({ type: 'authenticate', token });
      expect((await ended.closed).code).toBe(4401);
    }
    const whole = await Socket.of(ada);
    whole.send({ type: 'authenticate', token: guest.token });
    expect((await whole.closed).code).toBe(4401);
    expect((await socket.ask({ type: 'ping' })).type).toBe('pong');
  });
});

describe('a socket of a token for reading', () => {
  it('gets all events, reads and marks, and writes nothing', async () => {
    const { ada, eve, otherId } = await world();
    const socket = await Socket.open(test, { token: await mint(ada, { rights: 'read' }) });
    await socket.take('ready');
    const { id } = await eve.send(otherId, 'x');
    expect(await socket.take('message.created')).toMatchObject({ chat_id: otherId });
    expect((await socket.ask({ type: 'read', chat_id: otherId, message_id: id })).type).toBe('read.done');
    expect(await socket.take('chat.read_mark')).toMatchObject({ me_pts: 1 });
    expect((await socket.ask({ type: 'sync', epoch: null, chats: {}, me_pts: 0 })).data).toMatchObject({
      joined: expect.arrayContaining([expect.objectContaining({ id: otherId })]),
      me: { me_pts: 1 },
    });
    for (const frame of [
      { type: 'send', chat_id: otherId, contents: 'x', client_id: 'c' },
      { type: 'typing', chat_id: otherId },
    ]) {
      expect(await socket.ask(frame)).toMatchObject({
        status_code: 403,
        details: { code: 'TOKEN_NARROWED', errors: { token: 'It is narrowed to reading.' } },
      });
    }
  });
});

describe('a sync with a token that is narrowed to a chat', () => {
  const ask = ({ token }: { token: string }, body: object) => call(test, 'POST', '/sync', { token, body });

  it('brings that chat, as if the user were in no other', async () => {
    const { bob, eve, guest, chatId, otherId } = await world();
    const { body: first } = await ask(guest, { epoch: null, chats: {}, me_pts: 0, people_pts: 0 });
    expect(first.joined.map(({ id }: { id: number }) => id)).toEqual([chatId]);
    expect(first).toMatchObject({ left: [], chats: [], has_more: false });
    expect(first.me).toBeUndefined();
    await bob.send(chatId, 'here');
    await eve.send(otherId, 'elsewhere');
    await bob.patch('/user/me', { name: 'Bob' });
    await eve.patch('/user/me', { name: 'Eve' });
    const chats = { [chatId]: 1, [otherId]: 1 };
    const people = { people_pts: first.people.people_pts };
    const { body } = await ask(guest, { epoch: first.epoch, chats, reads: {}, ...people });
    expect(body.joined).toEqual([]);
    // As of any chat that the client names and the user is not in.
    expect(body.left).toEqual([otherId]);
    expect(body.chats).toMatchObject([{ chat_id: chatId, pts: 2, changes: [{ type: 'message.state' }] }]);
    const names = body.people.profiles.map(({ name }: { name: string }) => name);
    expect(names).toContain('Bob');
    expect(names).not.toContain('Eve');
  });

  it('answers the frame in the same way', async () => {
    const { guest, chatId, otherId } = await world();
    const socket = await Socket.of(guest);
    const { data } = await socket.ask({ type: 'sync', epoch: null, chats: { [otherId]: 1 }, me_pts: 0 });
    expect(data).toMatchObject({ joined: [{ id: chatId }], left: [otherId], chats: [] });
    expect(data.me).toBeUndefined();
  });
});

describe('an event stream of a token that is narrowed to a chat', () => {
  it('has the events of that chat, and nothing else', async () => {
    const { ada, bob, eve, guest, chatId, otherId } = await world('read');
    const reader = await EventReader.open(guest);
    await reader.id();
    await eve.send(otherId, 'elsewhere');
    await ada.patch(`/chat/${chatId}/settings`, { pinned: true });
    await eve.openGroup([ada]);
    await bob.send(chatId, 'here');
    expect(await reader.event()).toMatchObject({ type: 'message.created', chat_id: chatId, pts: 2 });
  });

  it('goes on where a stream of a whole token was, without its other chats', async () => {
    const { ada, bob, eve, guest, chatId, otherId } = await world();
    const before = await EventReader.open(ada);
    const id = await before.id();
    before.close();
    await eve.send(otherId, 'elsewhere');
    await bob.send(chatId, 'here');
    const reader = await EventReader.open(guest, id);
    expect(await reader.events(2)).toMatchObject([
      { type: 'chat.left', chat_id: otherId },
      { type: 'message.state', chat_id: chatId, pts: 2 },
    ]);
    const narrowedId = await reader.id();
    reader.close();
    const whole = await EventReader.open(ada, narrowedId);
    expect(await whole.event()).toMatchObject({ type: 'chat.created', chat_id: otherId, pts: 2 });
  });
});
