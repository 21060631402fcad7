import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { decodeCursor, type StreamSource } from '../../src/realtime/index.js';
import type { StreamCursor } from '../../src/realtime/protocol/stream-cursor.js';
import { asRead, call, expectError, register, registerMany, type Person } from '../support/client.js';
import { EventReader } from '../support/event-reader.js';
import { Socket, useServer } from '../support/socket.js';
import { CHAT, NETWORK, Gate, Node, identity } from './node.js';

const test = useServer();

async function group() {
  const [ada, bob, eve] = (await registerMany(test, 3)) as [Person, Person, Person];
  return { ada, bob, eve, chatId: await ada.openGroup([bob]) };
}

describe('GET /events', () => {
  it('is a stream of the same events', async () => {
    const { ada, bob, chatId } = await group();
    const reader = await EventReader.open(bob);
    expect(reader.response.headers['content-type']).toBe('text/event-stream');
    expect(reader.response.headers['cache-control']).toBe('no-store');
    const sent = await ada.send(chatId, 'hello', 'a name');
    const { body: edited } = await ada.patch(`/message/${sent.id}`, { contents: 'Hello\n\ndata: world' });
    await ada.post(`/chat/${chatId}/read`, { message_id: sent.id });
    await ada.delete(`/message/${sent.id}`);
    const otherId = await ada.openPrivate(bob);
    expect(await reader.events(5)).toMatchObject([
      { type: 'message.created', chat_id: chatId, pts: 2, data: asRead(sent) },
      { type: 'message.updated', chat_id: chatId, pts: 3, data: asRead(edited) },
      { type: 'chat.read', chat_id: chatId, data: { user_id: ada.id, message_id: sent.id } },
      { type: 'message.deleted', chat_id: chatId, pts: 4, data: { id: sent.id } },
      { type: 'chat.created', chat_id: otherId, pts: 1 },
    ]);
  });

  it('is opened by GET alone', async () => {
    const { token } = await register(test);
    const headers = { authorization: `Bearer ${token}` };
    expect((await test.app.inject({ method: 'HEAD', url: '/events', headers })).statusCode).toBe(405);
  });

  it('is not for those without a token', async () => {
    expectError(await call(test, 'GET', '/events'), 401, 'NOT_AUTHORIZED');
    expectError(await call(test, 'GET', '/events', { token: 'a.b.c' }), 401, 'NOT_AUTHORIZED');
    const { eve } = await group();
    expectError(await call(test, 'GET', `/events?token=${eve.token}`), 401, 'NOT_AUTHORIZED');
    await test.db.user.delete({ where: { id: BigInt(eve.id) } });
    expectError(await eve.get('/events'), 401, 'NOT_AUTHORIZED');
  });

  it('resumes from its last id with what was missed, and goes on', async () => {
    const { ada, bob, eve, chatId } = await group();
    const before = await EventReader.open(bob);
    const first = await ada.send(chatId, '1');
    expect(await before.event()).toMatchObject({ pts: 2 });
    const id = await before.id();
    before.close();

    const second = await ada.send(chatId, '2');
    const { body: edited } = await ada.patch(`/message/${first.id}`, { contents: 'I' });
    await ada.delete(`/message/${second.id}`);
    const joinedId = await eve.openGroup([bob]);

    const after = await EventReader.open(bob, id);
    expect(await after.events(3)).toMatchObject([
      { type: 'chat.created', chat_id: joinedId, pts: 1 },
      { type: 'message.state', chat_id: chatId, pts: 4, data: asRead(edited) },
      { type: 'message.deleted', chat_id: chatId, pts: 5, data: { id: second.id } },
    ]);
    expect(await after.id()).not.toBe(id);
    await ada.send(chatId, '3');
    expect(await after.event()).toMatchObject({ type: 'message.created', chat_id: chatId, pts: 6 });
  });

  it('has said nothing twice to who resumes from the id after it', async () => {
    const { ada, bob, chatId } = await group();
    const before = await EventReader.open(bob);
    await ada.send(chatId, '1');
    await before.event();
    const id = await before.id();
    before.close();
    const after = await EventReader.open(bob, id);
    await ada.send(chatId, '2');
    // Live, or as the state that it has become, where the stream has not caught up before.
    expect(await after.event()).toMatchObject({ type: expect.stringMatching(/^message\.(created|state)$/), pts: 3 });
  });

  it('says which chats one is not in any more', async () => {
    const { ada, bob, chatId } = await group();
    const before = await EventReader.open(bob);
    const id = await before.id();
    before.close();
    await ada.delete(`/chat/${chatId}/participants/${bob.id}`);
    const after = await EventReader.open(bob, id);
    expect(await after.event()).toEqual({ type: 'chat.left', chat_id: chatId });
    await ada.send(chatId, 'without Bob');
    const otherId = await ada.openPrivate(bob);
    expect(await after.event()).toMatchObject({ type: 'chat.created', chat_id: otherId });
  });

  it('ends for a chat with the removal from it, and begins again', async () => {
    const { ada, bob, chatId } = await group();
    const reader = await EventReader.open(bob);
    await ada.delete(`/chat/${chatId}/participants/${bob.id}`);
    await ada.send(chatId, 'without Bob');
    await ada.post(`/chat/${chatId}/participants`, { user_ids: [bob.id] });
    await ada.send(chatId, 'with Bob');
    expect(await reader.events(3)).toMatchObject([
      { type: 'participant.removed', pts: 2, data: { user_id: bob.id } },
      { type: 'chat.created', pts: 4 },
      { type: 'message.created', pts: 5 },
    ]);
  });

  it('says which chats are to be taken afresh', async () => {
    const { ada, bob, chatId } = await group();
    const before = await EventReader.open(bob);
    const id = await before.id();
    before.close();
    await test.db.chat.update({ where: { id: BigInt(chatId) }, data: { last_pts: 1002 } });
    const after = await EventReader.open(bob, id);
    expect(await after.event()).toEqual({ type: 'chat.too_long', chat_id: chatId, pts: 1002 });
    await ada.send(chatId, 'hello');
    expect(await after.event()).toMatchObject({ type: 'message.created', pts: 1003 });
  });

  it('begins anew with the id of another epoch', async () => {
    const { ada, bob, chatId } = await group();
    const before = await EventReader.open(bob);
    const id = await before.id();
    before.close();
    const after = await EventReader.open(bob, id.replace(/^[^.]*/, 'another'));
    expect(await after.events(2)).toMatchObject([{ type: 'reset' }, { type: 'chat.created', chat_id: chatId, pts: 1 }]);
    await ada.send(chatId, 'hello');
    expect(await after.event()).toMatchObject({ type: 'message.created', pts: 2 });
  });

  it.each([
    'x',
    '.',
    '.AQE',
    'epoch.AQ',
    'epoch.gA',
    'epoch.AQE.AQE',
    'epoch.AAE',
    'epoch.AQA',
    'epoch._________________38B',
    'epoch.AQE.-1',
    'epoch.AQE.1e3',
    'epoch.AQE.9007199254740992',
    'epoch.AQE.1.x',
    'epoch.AQE.1.1.1',
  ])('says to sync to who comes with %j, and begins from now', async (id) => {
    const { ada, bob, chatId } = await group();
    await ada.send(chatId, 'before');
    const reader = await EventReader.open(bob, id);
    expect(await reader.event()).toEqual({ type: 'resync' });
    await ada.send(chatId, 'after');
    expect(await reader.event()).toMatchObject({ type: 'message.created', data: { contents: 'after' } });
  });

  it('takes the last id of the version before, which knew no own log', async () => {
    const { ada, bob, chatId } = await group();
    const first = await EventReader.open(bob);
    const [epoch, chats] = (await first.id()).split('.');
    first.close();
    await ada.send(chatId, 'missed');
    await bob.patch(`/chat/${chatId}/settings`, { pinned: true });
    const reader = await EventReader.open(bob, `${epoch}.${chats}`);
    expect(await reader.events(2)).toMatchObject([
      { type: 'message.state', data: { contents: 'missed' } },
      { type: 'chat.settings', me_pts: 1, data: { chat_id: chatId, pinned: true } },
    ]);
  });

  it('resumes the own log from its last id, with what was missed once', async () => {
    const { bob, chatId } = await group();
    const first = await EventReader.open(bob);
    await first.id();
    await bob.patch(`/chat/${chatId}/settings`, { pinned: true });
    expect(await first.event()).toMatchObject({ type: 'chat.settings', me_pts: 1 });
    const id = await first.id();
    first.close();
    await bob.patch(`/chat/${chatId}/settings`, { archived: true });
    await bob.patch(`/chat/${chatId}/settings`, { pinned: false });
    const reader = await EventReader.open(bob, id);
    expect(await reader.event()).toEqual({
      type: 'chat.settings',
      me_pts: 3,
      data: {
        ...{ chat_id: chatId, muted_until: null, pinned: false, archived: true, private: {}, notifications: 'default' },
        ...{ own_role: 'member', own_rights: expect.arrayContaining(['send']) },
      },
    });
    await bob.patch(`/chat/${chatId}/settings`, { archived: false });
    expect(await reader.event()).toMatchObject({ me_pts: 4, data: { archived: false } });
  });

  it('ends with its token', async () => {
    const { bob } = await group();
    const token = test.app.jwt.sign({ sub: String(bob.id) }, { expiresIn: '2s' });
    const reader = await EventReader.open({ test: bob.test, token });
    await reader.ended();
  });

  it('ends with the server, also one that nobody reads', async () => {
    const { bob } = await group();
    const other = await test.another({});
    const answer = call(other, 'GET', '/events', { token: bob.token });
    await expect
      .poll(() => other.db.user.findUnique({ where: { id: BigInt(bob.id) } }).then((u) => u?.last_seen_at))
      .not.toBeNull();
    await other.app.close();
    expect((await answer).status).toBe(200);
  });

  it('counts as being online', async () => {
    const { ada, bob } = await group();
    const reader = await EventReader.open(bob);
    await reader.id();
    const socket = await Socket.of(ada);
    expect(await socket.ask({ type: 'presence.subscribe', user_ids: [bob.id] })).toMatchObject({
      data: [{ user_id: bob.id, online: true }],
    });
  });
});

describe('a stream', () => {
  function open(node: Node, source: Partial<StreamSource> = {}, cursor?: StreamCursor, whose = identity(1)) {
    const events: { type: string; pts?: number; expires_at?: string }[] = [];
    const ids: string[] = [];
    const output = {
      bufferedBytes: 0,
      drained: () => Promise.resolve(),
      end: vi.fn(),
      write: (text: string) => {
        if (text.startsWith('data: ')) events.push(JSON.parse(text.slice('data: '.length)));
        if (text.startsWith('id: ')) ids.push(text.slice('id: '.length).trim());
      },
    };
    const nothing = { epoch: 'an epoch', has_more: false, joined: [], left: [], chats: [] };
    const whole = {
      profileType: 'user.updated',
      sync: () => Promise.resolve(nothing),
      chat: () => Promise.resolve(undefined),
      ...source,
    };
    const { opened, closed } = node.realtime.openStream(whose, output, cursor, whole, NETWORK);
    onTestFinished(closed);
    return { events, ids, output, opened };
  }

  it('that is closed while it attaches leaves nothing behind', async () => {
    const gate = new Gate();
    const node = new Node({ store: { membershipsOf: () => gate.opened.then(() => ({ mePts: 0, chats: [] })) } });
    const { opened, output } = open(node);
    const stopped = node.realtime.stop();
    gate.open();
    await expect(opened).rejects.toMatchObject({ status: 503 });
    await stopped;
    expect(output.end).toHaveBeenCalled();
    expect([...node.broker.channels]).toEqual([]);
  });

  describe('of a token that expires', () => {
    beforeEach(() => {
      vi.useFakeTimers();
    });
    afterEach(() => {
      vi.useRealTimers();
    });

    const seconds = (count: number) => vi.advanceTimersByTimeAsync(count * 1000);
    const cursor = { epoch: 'an epoch', chats: new Map([[CHAT, 1]]), mePts: 0, peoplePts: 0 };

    it('ends five seconds before, with its last event behind an id that stands for the others', async () => {
      const node = new Node();
      const token = identity(1, 60_000);
      const { events, ids, output } = open(node, {}, cursor, token);
      await seconds(54);
      node.publish(2);
      await seconds(0.1);
      expect(output.end).not.toHaveBeenCalled();
      await seconds(2);
      expect(output.end).toHaveBeenCalledOnce();
      expect(events).toMatchObject([
        { type: 'message.created', pts: 2 },
        { type: 'token.expiring', expires_at: new Date(token.expiresAt).toISOString() },
      ]);
      expect(decodeCursor(ids.at(-1)!)?.chats).toEqual(new Map([[CHAT, 2]]));
      node.publish(3);
      await seconds(10);
      expect(events).toHaveLength(2);
      expect([...node.broker.channels]).toEqual([]);
    });

    it('goes on until then when it has less time left', async () => {
      const node = new Node();
      const { events, output } = open(node, {}, cursor, identity(1, 4500));
      await seconds(4);
      node.publish(2);
      await seconds(0.1);
      expect(output.end).not.toHaveBeenCalled();
      await seconds(2);
      expect(output.end).toHaveBeenCalledOnce();
      expect(events.map(({ type }) => type)).toEqual(['message.created', 'token.expiring']);
    });

    it('says no id that it does not have yet', async () => {
      const node = new Node();
      const { ids, events } = open(node, { sync: () => new Promise(() => undefined) }, undefined, identity(1, 6000));
      await seconds(3);
      expect(ids).toEqual([]);
      expect(events.map(({ type }) => type)).toEqual(['token.expiring']);
    });
  });

  it('syncs when it is told of a chat that it has, for what is between', async () => {
    const node = new Node();
    const sync = vi.fn(() => {
      const change = { type: 'message.state', pts: 2, data: {} };
      const chat = { chat_id: 7, pts: 3, has_more: false, too_long: false, changes: [change] };
      return Promise.resolve({ epoch: 'an epoch', has_more: false, joined: [], left: [], chats: [chat] });
    });
    const { opened, events } = open(
      node,
      { sync },
      { epoch: 'an epoch', chats: new Map([[7, 1]]), mePts: 0, peoplePts: 0 },
    );
    await opened;
    await vi.waitFor(
      () => {
        expect(sync).toHaveBeenCalledTimes(1);
      },
      { timeout: 10_000 },
    );
    node.realtime.publishToUsers([1], { type: 'chat.created', chatId: 7, pts: 5, data: {}, role: 'welcome' });
    await vi.waitFor(
      () => {
        expect(sync).toHaveBeenCalledTimes(2);
      },
      { timeout: 10_000 },
    );
    expect(events.filter(({ type }) => type === 'chat.created')).toEqual([]);
  });
});
