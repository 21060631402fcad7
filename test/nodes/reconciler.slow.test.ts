import { describe, expect, it } from 'vitest';
import { rotateEpoch } from '../../src/database/index.js';
import { ChatLog } from '../support/chat-log.js';
import { registerMany, type Person } from '../support/client.js';
import { EventReader } from '../support/event-reader.js';
import { at, useNodes } from '../support/nodes.js';
import { Socket, type Frame } from '../support/socket.js';
import { Node } from '../realtime/node.js';

/** They have a database in common and no broker: what happens on the other is in the database, and its event is lost. */
const nodes = useNodes();

async function group() {
  const [ada, bob, eve] = (await registerMany(nodes.one, 3)) as [Person, Person, Person];
  return { ada, bob, eve, chatId: await ada.openGroup([bob]) };
}

async function sync(socket: Socket, chats: Record<number, number>): Promise<Frame['data']> {
  return (await socket.ask({ type: 'sync', epoch: null, chats })).data;
}

describe('what a node has not heard of', () => {
  it('is announced, and is in a sync: a message', async () => {
    const { ada, bob, chatId } = await group();
    const socket = await Socket.of(bob);
    const { id } = await at(nodes.other, ada).send(chatId, 'lost');
    expect(await socket.take('chat.advanced')).toEqual({ type: 'chat.advanced', chat_id: chatId, pts: 2 });
    expect(await sync(socket, { [chatId]: 1 })).toMatchObject({
      chats: [{ pts: 2, unread_count: 1, changes: [{ type: 'message.state', data: { id, contents: 'lost' } }] }],
    });
    expect(await socket.rest()).toEqual([]);
  });

  it('is announced, and is in a sync: an edit and a deletion', async () => {
    const { ada, bob, chatId } = await group();
    const [edited, deleted] = [await ada.send(chatId, '1'), await ada.send(chatId, '2')];
    const socket = await Socket.of(bob);
    const log = new ChatLog(socket, chatId);
    const elsewhere = at(nodes.other, ada);
    await elsewhere.patch(`/message/${edited.id}`, { contents: 'I' });
    await elsewhere.delete(`/message/${deleted.id}`);
    await log.reaches(5);
    expect((await sync(socket, { [chatId]: 3 })).chats[0].changes).toMatchObject([
      { type: 'message.state', pts: 4, data: { contents: 'I' } },
      { type: 'message.deleted', pts: 5, data: { id: deleted.id } },
    ]);
  });

  it('is noticed by what comes after it', async () => {
    const { ada, bob, chatId } = await group();
    const socket = await Socket.of(bob);
    const log = new ChatLog(socket, chatId);
    await at(nodes.other, ada).send(chatId, 'lost');
    await ada.send(chatId, 'not lost');
    await log.reaches(3);
    log.expectWholeFrom(1);
    expect(log.frames[0]?.type).toBe('chat.advanced');
    const { changes } = (await sync(socket, { [chatId]: 1 })).chats[0];
    expect(changes.map(({ data }: Frame) => data.contents)).toEqual(['lost', 'not lost']);
  });

  it('is announced: a new chat, of which everything comes from then on', async () => {
    const [ada, bob] = (await registerMany(nodes.one, 2)) as [Person, Person];
    const socket = await Socket.of(bob);
    const chatId = await at(nodes.other, ada).openPrivate(bob);
    expect(await socket.take('chat.advanced')).toEqual({ type: 'chat.advanced', chat_id: chatId, pts: 1 });
    expect(await sync(socket, {})).toMatchObject({ joined: [{ id: chatId, pts: 1 }] });
    await ada.send(chatId, 'hello');
    expect(await socket.take('message.created')).toMatchObject({ chat_id: chatId, pts: 2 });
    expect(await socket.rest()).toEqual([]);
  });

  it('is looked up for a user who types: they may know more than the node', async () => {
    const [ada, bob] = (await registerMany(nodes.one, 2)) as [Person, Person];
    const [adas, bobs] = [await Socket.of(ada), await Socket.of(bob)];
    const chatId = await at(nodes.other, ada).openPrivate(bob);
    adas.send({ type: 'typing', chat_id: chatId });
    // Frames are carried out in their order: once this is answered, the node knows of Ada in the chat.
    await adas.ask({ type: 'ping' });
    bobs.send({ type: 'typing', chat_id: chatId });
    expect(await adas.take('typing')).toEqual({ type: 'typing', chat_id: chatId, data: { user_id: bob.id } });
    expect([...(await adas.rest()), ...(await bobs.rest())].filter(({ type }) => type === 'error')).toEqual([]);
  });

  it('is announced: that somebody was added', async () => {
    const { ada, bob, eve, chatId } = await group();
    const logs = [new ChatLog(await Socket.of(eve), chatId), new ChatLog(await Socket.of(bob), chatId)];
    await at(nodes.other, ada).post(`/chat/${chatId}/participants`, { user_ids: [eve.id] });
    for (const log of logs) await log.reaches(2);
    for (const { frames } of logs) expect(frames[0]?.type).toBe('chat.advanced');
    await ada.send(chatId, 'hello');
    for (const { socket } of logs) {
      expect(await socket.take('message.created')).toMatchObject({ chat_id: chatId, pts: 3 });
    }
  });

  it('is announced: that somebody was removed, who then gets nothing more', async () => {
    const { ada, bob, chatId } = await group();
    const [kept, removed] = [await Socket.of(ada), await Socket.of(bob)];
    await at(nodes.other, ada).delete(`/chat/${chatId}/participants/${bob.id}`);
    await removed.take('resync');
    expect(await sync(removed, { [chatId]: 1 })).toMatchObject({ joined: [], left: [chatId], chats: [] });
    expect(await kept.take('chat.advanced')).toEqual({ type: 'chat.advanced', chat_id: chatId, pts: 2 });
    await ada.send(chatId, 'among us');
    await kept.take('message.created');
    expect(await removed.rest()).toEqual([]);
  });

  it('keeps what comes after a removal from who was removed', async () => {
    const { ada, bob, chatId } = await group();
    const [kept, removed] = [new ChatLog(await Socket.of(ada), chatId), new ChatLog(await Socket.of(bob), chatId)];
    await at(nodes.other, ada).delete(`/chat/${chatId}/participants/${bob.id}`);
    await ada.send(chatId, 'among us');
    await kept.reaches(3);
    await removed.socket.take('resync');
    await removed.socket.rest();
    expect(removed.frames).toEqual([]);
  });

  it('is told by an event stream by itself', async () => {
    const { ada, bob, chatId } = await group();
    const reader = await EventReader.open(bob);
    const { id } = await at(nodes.other, ada).send(chatId, 'lost');
    expect(await reader.event()).toMatchObject({ type: 'message.state', chat_id: chatId, pts: 2, data: { id } });
  });
});

describe("what is lost of a user's own log", () => {
  it('is announced to the user and to nobody else, and goes on live after it', async () => {
    const { ada, bob, chatId } = await group();
    const [bobs, adas] = [await Socket.of(bob), await Socket.of(ada)];
    await at(nodes.other, bob).patch(`/chat/${chatId}/settings`, { pinned: true });
    expect(await bobs.take('me.advanced')).toEqual({ type: 'me.advanced', me_pts: 1 });
    const { data } = await bobs.ask({ type: 'sync', epoch: null, chats: { [chatId]: 1 }, me_pts: 0 });
    const pinned = { type: 'chat.settings', me_pts: 1, data: { chat_id: chatId, pinned: true } };
    expect(data).toMatchObject({ me: { me_pts: 1, reset: false, changes: [pinned] } });
    await bob.patch(`/chat/${chatId}/settings`, { pinned: false });
    expect(await bobs.take('chat.settings')).toMatchObject({ me_pts: 2, data: { pinned: false } });
    expect(await bobs.rest()).toEqual([]);
    expect(await adas.rest()).toEqual([]);
  });

  it('is announced when it is a read mark', async () => {
    const { ada, bob, chatId } = await group();
    const socket = await Socket.of(bob);
    const { id } = await ada.send(chatId, 'hello');
    await at(nodes.other, bob).post(`/chat/${chatId}/read`, { message_id: id });
    expect(await socket.take('me.advanced')).toEqual({ type: 'me.advanced', me_pts: 1 });
  });

  it('is told by an event stream by itself', async () => {
    const { bob, chatId } = await group();
    const reader = await EventReader.open(bob);
    await at(nodes.other, bob).patch(`/chat/${chatId}/settings`, { archived: true });
    const archived = { type: 'chat.settings', me_pts: 1, data: { chat_id: chatId, archived: true } };
    expect(await reader.event()).toMatchObject(archived);
  });
});

describe('another epoch', () => {
  it('ends all connections, and clients that come back begin afresh', async () => {
    const { ada, bob, chatId } = await group();
    const socket = await Socket.of(bob);
    const reader = await EventReader.open(bob);
    const id = await reader.id();
    for (let count = 0; count < 5; count++) await ada.send(chatId, 'of before');
    await socket.takeMany('message.created', 5);
    const { epoch } = await sync(socket, {});

    // As a backup leaves it.
    await nodes.other.db.$transaction([
      nodes.other.db.chat.update({ where: { id: BigInt(chatId) }, data: { last_pts: 1, last_message_id: null } }),
      nodes.other.db.message.deleteMany({ where: { chat_id: BigInt(chatId) } }),
    ]);
    await rotateEpoch(nodes.other.db);
    expect((await socket.closed).code).toBe(4503);
    await reader.ended();

    const [again, readerAgain] = [await Socket.of(bob), await EventReader.open(bob, id)];
    expect(await readerAgain.events(2)).toMatchObject([{ type: 'reset' }, { type: 'chat.created', pts: 1 }]);
    const answer = await again.ask({ type: 'sync', epoch, chats: { [chatId]: 6 } });
    expect(answer.data).toMatchObject({ joined: [{ id: chatId, pts: 1 }], left: [], chats: [] });
    expect(answer.data.epoch).not.toBe(epoch);
    // With a number that the node has seen before.
    await ada.send(chatId, 'of after');
    expect(await again.take('message.created')).toMatchObject({ chat_id: chatId, pts: 2 });
    expect(await readerAgain.event()).toMatchObject({ type: 'message.created', chat_id: chatId, pts: 2 });
  });

  it('also ends connections that began before the node first compared', async () => {
    let value = 'an epoch';
    const node = new Node({
      store: {
        epoch: () => Promise.resolve(value),
      },
    });
    const { wire } = await node.openFor(1);
    value = 'another';
    await expect.poll(() => wire.closedWith, { timeout: 10_000 }).toBe(4503);
  });
});
