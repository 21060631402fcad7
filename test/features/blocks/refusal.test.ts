import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { expectError, registerMany, uniqueName, type Answer, type Person } from '../../support/client.js';
import { postgresUrl, sharedDatabase } from '../../support/database.js';
import { Host } from '../../support/host.js';
import { lockChat } from '../../support/locks.js';
import { Socket, useServer } from '../../support/socket.js';

const test = useServer();

const CODE = 'NOT_ACCEPTING_MESSAGES';

async function trio() {
  return (await registerMany(test, 3)) as [Person, Person, Person];
}

const block = async (person: Person, other: Person) => {
  expect((await person.put(`/user/blocks/${other.id}`)).status).toBe(200);
};
const unblock = async (person: Person, other: Person) => {
  expect((await person.delete(`/user/blocks/${other.id}`)).status).toBe(200);
};
const accept = async (person: Person, accepts_messages: string) => {
  expect(await person.patch('/user/me', { accepts_messages })).toMatchObject({
    status: 200,
    body: { accepts_messages },
  });
};
const write = (person: Person, chatId: number, contents = 'hello') =>
  person.post(`/chat/${chatId}/message`, { contents });
const open = (person: Person, other: Person) => person.post('/chat/private/create', { with_user_id: other.id });
const refused = (answer: Answer) => {
  expectError(answer, 403, CODE);
};

describe('a private chat whose two may not write to each other', () => {
  it.each(['who has blocked', 'who is blocked'])('takes no message of %s', async (who) => {
    const [ada, bob] = await trio();
    const chatId = await ada.openPrivate(bob);
    const mine = await ada.send(chatId, 'before');
    const theirs = await bob.send(chatId, 'before, too');
    await block(ada, bob);
    const [writer, message] = who === 'who has blocked' ? [ada, mine] : [bob, theirs];
    const socket = await Socket.of(writer);
    refused(await write(writer, chatId));
    refused(await writer.patch(`/message/${message.id}`, { contents: 'edited' }));
    refused(await writer.patch(`/message/${message.id}`, { contents: message.contents }));
    expect(
      await socket.ask({ type: 'send', chat_id: chatId, contents: 'hello', client_id: uniqueName() }),
    ).toMatchObject({
      ...{ type: 'error', status_code: 403, details: { code: CODE } },
    });
    expect((await writer.get(`/chat/${chatId}/messages`)).body.count).toBe(2);
    expect((await writer.get(`/chat/${chatId}`)).body.pts).toBe(3);
  });

  it('still lets read, mute and delete, and answers a repeat of what was sent', async () => {
    const [ada, bob] = await trio();
    const chatId = await ada.openPrivate(bob);
    const { id } = await bob.send(chatId, 'before', 'b1');
    await block(ada, bob);
    expect(await bob.send(chatId, 'before', 'b1')).toMatchObject({ id, deduplicated: true });
    expect(await ada.post(`/chat/${chatId}/read`, { message_id: id })).toMatchObject({ status: 200 });
    expect(await ada.patch(`/chat/${chatId}/settings`, { archived: true })).toMatchObject({ status: 200 });
    expect(await bob.delete(`/message/${id}`)).toMatchObject({ status: 200 });
    expect((await ada.get(`/chat/${chatId}/messages`)).body.count).toBe(0);
  });

  it('takes them again when the block is taken back, but not while the other has blocked', async () => {
    const [ada, bob] = await trio();
    const chatId = await ada.openPrivate(bob);
    await block(ada, bob);
    await block(bob, ada);
    await unblock(ada, bob);
    for (const person of [ada, bob]) refused(await write(person, chatId));
    await unblock(bob, ada);
    for (const person of [ada, bob]) expect(await write(person, chatId)).toMatchObject({ status: 200 });
  });

  it('is as before for others, and for outsiders there is none', async () => {
    const [ada, bob, eve] = await trio();
    const chatId = await ada.openPrivate(bob);
    const others = await Promise.all([ada.openPrivate(eve), bob.openPrivate(eve)]);
    await block(ada, bob);
    for (const other of others) expect(await write(eve, other)).toMatchObject({ status: 200 });
    expectError(await write(eve, chatId), 404, 'CHAT_DOES_NOT_EXIST');
  });

  it('does not stand in the way of other messages that are sent at the same time', async () => {
    const [ada, bob, eve] = await trio();
    const chatId = await ada.openPrivate(bob);
    const group = await ada.openGroup([bob, eve]);
    await block(ada, bob);
    const client_id = uniqueName();
    const [inChat, inGroup, same] = await Promise.all([
      write(bob, chatId),
      write(bob, group),
      bob.post(`/chat/${chatId}/message`, { contents: 'x', client_id }),
      bob.post(`/chat/${group}/message`, { contents: 'x', client_id }).then((answer) => {
        expect(answer.status).toBe(200);
      }),
    ]);
    expect([inChat.status, inGroup.status, same.status]).toEqual([403, 200, 403]);
  });

  it.skipIf(!postgresUrl)('refuses a send that waits while the block is made (needs TEST_DATABASE_URL)', async () => {
    const [ada, bob] = await trio();
    const chatId = await ada.openPrivate(bob);
    const client = await lockChat((await sharedDatabase()).url, chatId);
    let isBlocked = false;
    const blocking = block(ada, bob).then(() => (isBlocked = true));
    await sleep(100);
    const sending = write(bob, chatId);
    await sleep(100);
    // It waits as well: a user who has the chat may be sending in it.
    expect(isBlocked).toBe(false);
    await client.query('commit');
    await blocking;
    refused(await sending);
    refused(await write(bob, chatId));
  });

  it('keeps nothing that is sent after a block has been answered, however much is sent', async () => {
    const [ada, bob] = await trio();
    const chatId = await ada.openPrivate(bob);
    let isBlocked = false;
    const late: number[] = [];
    const sends = Array.from({ length: 40 }, async (_, index) => {
      await sleep(index);
      const wasBlocked = isBlocked;
      const { status } = await write(bob, chatId, `no. ${index}`);
      if (wasBlocked) late.push(status);
      return status;
    });
    await sleep(10);
    await block(ada, bob);
    isBlocked = true;
    const count = (await ada.get(`/chat/${chatId}/messages`)).body.count;
    const statuses = await Promise.all(sends);
    expect(late.filter((status) => status !== 403)).toEqual([]);
    expect(statuses.filter((status) => status === 200)).toHaveLength(count);
  });
});

describe('opening a private chat', () => {
  it('is refused to who is blocked and to who has blocked', async () => {
    const [ada, bob] = await trio();
    await block(ada, bob);
    refused(await open(ada, bob));
    refused(await open(bob, ada));
    expect((await bob.get('/user/chats')).body.count).toBe(0);
    await unblock(ada, bob);
    expect(await open(bob, ada)).toMatchObject({ status: 200 });
  });

  it('answers with the chat that exists, of which both know', async () => {
    const [ada, bob] = await trio();
    const chat_id = await ada.openPrivate(bob);
    await block(ada, bob);
    for (const [one, other] of [
      [ada, bob],
      [bob, ada],
    ] as const)
      expectError(await open(one, other), 403, 'CHAT_EXISTS', { chat_id });
  });

  it('says the same to who is blocked and to who writes to somebody who accepts nobody', async () => {
    const [ada, bob, eve] = await trio();
    await block(ada, bob);
    await accept(eve, 'nobody');
    const answers = await Promise.all([open(bob, ada), open(bob, eve)]);
    const shown = answers.map(({ status, body: { details } }) => [status, details.code, details.message]);
    expect(shown[0]).toEqual(shown[1]);
  });

  it('by the host application is refused for both, in any order', async () => {
    const [ada, bob, eve] = await trio();
    const host = await Host.of(test);
    await block(ada, bob);
    await accept(eve, 'nobody');
    for (const people of [
      [ada, bob],
      [bob, ada],
      [ada, eve],
      [eve, ada],
    ]) {
      const members = people.map(({ id }) => String(id));
      refused(await host.post('/server/chats', { type: 'private', members }));
      refused(await host.put(`/server/chats/key:${uniqueName()}`, { type: 'private', members }));
    }
    refused(await host.as(String(bob.id), 'POST', '/chat/private/create', { with_user_id: ada.id }));
  });

  it('by the host application finds the chat that exists', async () => {
    const [ada, bob] = await trio();
    const host = await Host.of(test);
    const chatId = await ada.openPrivate(bob);
    await block(ada, bob);
    const wanted = { type: 'private', members: [String(ada.id), String(bob.id)] };
    expect((await host.post('/server/chats', wanted)).body).toMatchObject({
      outcome: 'unchanged',
      chat: { id: chatId },
    });
    const url = `/server/chats/${chatId}/message`;
    refused(await host.as(String(bob.id), 'POST', url, { contents: 'as bob' }));
    expect(await host.post(url, { contents: 'as the application' })).toMatchObject({ status: 200 });
  });
});

describe('groups', () => {
  it('go on: messages, edits, typing and new members', async () => {
    const [ada, bob, eve] = await trio();
    await block(ada, bob);
    const chatId = await ada.openGroup([bob]);
    const adas = await Socket.of(ada);
    const bobs = await Socket.of(bob);
    const { id } = await bob.send(chatId, 'hello');
    expect(await adas.take('message.created')).toMatchObject({ data: { contents: 'hello' } });
    expect(await bob.patch(`/message/${id}`, { contents: 'hello there' })).toMatchObject({ status: 200 });
    bobs.send({ type: 'typing', chat_id: chatId });
    expect((await adas.take('typing')).data).toEqual({ user_id: bob.id });
    expect(await write(ada, chatId)).toMatchObject({ status: 200 });
    expect(await bob.post(`/chat/${chatId}/participants`, { user_ids: [eve.id] })).toMatchObject({ status: 200 });
  });
});

describe('accepts_messages', () => {
  it('is seen by the user alone, on all devices', async () => {
    const [ada, bob] = await trio();
    expect((await ada.get('/user/me')).body.accepts_messages).toBe('everybody');
    const socket = await Socket.of(ada);
    await accept(ada, 'nobody');
    expect(await socket.take('me.updated')).toMatchObject({
      me_pts: 1,
      data: { accepts_messages: 'nobody', version: 0 },
    });
    await accept(ada, 'nobody');
    expect(await socket.rest()).toEqual([]);
    expect((await bob.get(`/user/${ada.id}`)).body).not.toHaveProperty('accepts_messages');
    expect(await ada.patch('/user/me', { accepts_messages: 'friends' })).toMatchObject({ status: 422 });
    expect(await ada.patch('/user/me', { accepts_messages: null })).toMatchObject({ status: 422 });
  });

  it('nobody: people write to whom the user has written, and to no others', async () => {
    const [ada, bob, eve] = await trio();
    const [known, unknown] = await Promise.all([ada.openPrivate(bob), ada.openPrivate(eve)]);
    const { id } = await eve.send(unknown, 'before');
    await ada.send(known, 'hello');
    await accept(ada, 'nobody');
    expect(await write(bob, known)).toMatchObject({ status: 200 });
    refused(await write(eve, unknown));
    refused(await eve.patch(`/message/${id}`, { contents: 'edited' }));
    expect(await write(ada, unknown)).toMatchObject({ status: 200 });
    expect(await write(eve, unknown)).toMatchObject({ status: 200 });
    const [stranger] = (await registerMany(test, 1)) as [Person];
    refused(await open(stranger, ada));
    expect(await open(ada, stranger)).toMatchObject({ status: 200 });
    await accept(ada, 'everybody');
    const [another] = (await registerMany(test, 1)) as [Person];
    expect(await open(another, ada)).toMatchObject({ status: 200 });
  });
});
