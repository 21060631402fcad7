import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { register, registerMany, type Person } from '../support/client.js';
import { Socket, useServer } from '../support/socket.js';
import { EncodedEvent } from '../../src/realtime/protocol/event.js';
import { CHAT, Gate, Node, identity } from './node.js';

const test = useServer();

async function pair() {
  const [ada, bob, eve] = (await registerMany(test, 3)) as [Person, Person, Person];
  await ada.openPrivate(bob);
  return { ada, bob, eve };
}

const subscribe = (socket: Socket, people: Person[]) =>
  socket.ask({ type: 'presence.subscribe', user_ids: people.map(({ id }) => id) });

const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/);

describe('presence.subscribe', () => {
  it('answers with how the users are', async () => {
    const { ada, bob } = await pair();
    const socket = await Socket.of(ada);
    const offline = { user_id: bob.id, online: false, last_seen_at: null };
    expect(await subscribe(socket, [bob])).toMatchObject({ type: 'presence.subscribe.done', data: [offline] });
    await Socket.of(bob);
    expect(await socket.take('presence')).toEqual({
      type: 'presence',
      data: { user_id: bob.id, online: true, last_seen_at: TIME },
    });
    expect(await subscribe(socket, [bob])).toMatchObject({ data: [{ user_id: bob.id, online: true }] });
  });

  it('tells when one of them comes and goes', async () => {
    const { ada, bob } = await pair();
    const [socket, phone, laptop] = [await Socket.of(ada), await Socket.of(bob), await Socket.of(bob)];
    expect(await subscribe(socket, [bob])).toMatchObject({ data: [{ online: true }] });
    phone.webSocket.close();
    await phone.closed;
    laptop.webSocket.terminate();
    expect((await socket.take('presence')).data).toEqual({ user_id: bob.id, online: false, last_seen_at: TIME });
    await Socket.of(bob);
    expect((await socket.take('presence')).data).toEqual({ user_id: bob.id, online: true, last_seen_at: TIME });
    expect(await socket.rest()).toEqual([]);
  });

  it('is for the user and for people who share a chat with them', async () => {
    const { ada, bob, eve } = await pair();
    const socket = await Socket.of(ada);
    const { data } = await subscribe(socket, [eve, bob, ada]);
    expect(data.map(({ user_id }: { user_id: number }) => user_id).sort()).toEqual([ada.id, bob.id].sort());
    await Socket.of(eve);
    await Socket.of(bob);
    expect((await socket.take('presence')).data.user_id).toBe(bob.id);
    expect(await socket.rest()).toEqual([]);
  });

  it('is for people who are in a chat now', async () => {
    const { ada, bob } = await pair();
    const eve = await register(test);
    const socket = await Socket.of(ada);
    expect((await subscribe(socket, [eve])).data).toEqual([]);
    await bob.openGroup([ada, eve]);
    expect((await subscribe(socket, [eve])).data).toHaveLength(1);
  });

  it('ends with the last chat that is shared', async () => {
    const { ada, bob, eve } = await pair();
    const chatId = await ada.openGroup([eve]);
    const socket = await Socket.of(ada);
    await subscribe(socket, [bob, eve]);
    await ada.delete(`/chat/${chatId}/participants/${eve.id}`);
    await Socket.of(eve);
    await Socket.of(bob);
    expect((await socket.take('presence')).data.user_id).toBe(bob.id);
    expect((await socket.rest()).filter(({ type }) => type === 'presence')).toEqual([]);
  });

  it('can be taken back', async () => {
    const { ada, bob, eve } = await pair();
    await ada.openPrivate(eve);
    const socket = await Socket.of(ada);
    await subscribe(socket, [bob, eve]);
    const { type } = await socket.ask({ type: 'presence.unsubscribe', user_ids: [bob.id] });
    expect(type).toBe('presence.unsubscribe.done');
    await Socket.of(bob);
    await Socket.of(eve);
    expect((await socket.take('presence')).data.user_id).toBe(eve.id);
    expect(await socket.rest()).toEqual([]);
  });

  it.each([
    ['nobody', []],
    ['more than 500', Array.from({ length: 501 }, (_, index) => index + 1)],
    ['a user 0', [0]],
    ['a text', ['1']],
  ])('refuses %s', async (_what, user_ids) => {
    const socket = await Socket.of(await register(test));
    for (const type of ['presence.subscribe', 'presence.unsubscribe']) {
      expect(await socket.ask({ type, user_ids })).toMatchObject({
        status_code: 422,
        details: { code: 'VALIDATION_ERROR', errors: { user_ids: expect.any(String) } },
      });
    }
  });
});

describe('shows_last_seen', () => {
  const show = (person: Person, shows_last_seen: boolean) => person.patch('/user/me', { shows_last_seen });

  it('hides the user from others, and others from the user, in both directions at once', async () => {
    const { ada, bob, eve } = await pair();
    await ada.openPrivate(eve);
    const [adas, bobs, eves] = [await Socket.of(ada), await Socket.of(bob), await Socket.of(eve)];
    expect((await subscribe(adas, [bob, eve])).data).toMatchObject([{ online: true }, { online: true }]);
    expect((await subscribe(bobs, [ada])).data).toMatchObject([{ online: true }]);
    expect((await show(ada, false)).body).toMatchObject({ shows_last_seen: false });
    const hidden = ({ id }: Person) => ({ user_id: id, online: false, last_seen_at: null });
    expect((await bobs.take('presence')).data).toEqual(hidden(ada));
    const told = [(await adas.take('presence')).data, (await adas.take('presence')).data];
    expect(told).toEqual(expect.arrayContaining([bob, eve].map(hidden)));
    expect((await subscribe(eves, [ada])).data).toEqual([hidden(ada)]);
    expect((await subscribe(adas, [bob, ada])).data).toEqual(
      expect.arrayContaining([hidden(bob), expect.objectContaining({ user_id: ada.id, online: true })]),
    );
    await show(ada, true);
    expect((await bobs.take('presence')).data).toMatchObject({ user_id: ada.id, online: true });
    expect((await eves.take('presence')).data).toMatchObject({ user_id: ada.id, online: true });
    for (let count = 0; count < 2; count++) expect((await adas.take('presence')).data).toMatchObject({ online: true });
  });

  it('tells nothing when a hidden user comes and goes', async () => {
    const { ada, bob } = await pair();
    await show(bob, false);
    const adas = await Socket.of(ada);
    expect((await subscribe(adas, [bob])).data).toEqual([{ user_id: bob.id, online: false, last_seen_at: null }]);
    const bobs = await Socket.of(bob);
    bobs.webSocket.close();
    await bobs.closed;
    await Socket.of(bob);
    expect((await adas.rest()).filter(({ type }) => type === 'presence')).toEqual([]);
  });

  it('does not lift a block', async () => {
    const { ada, bob } = await pair();
    await ada.put(`/user/blocks/${bob.id}`);
    const adas = await Socket.of(ada);
    await Socket.of(bob);
    await subscribe(adas, [bob]);
    await show(bob, false);
    await show(bob, true);
    expect((await adas.rest()).filter(({ type }) => type === 'presence')).toEqual([]);
  });
});

describe('a node', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const settled = () => vi.advanceTimersByTimeAsync(1);
  const watch = (ids: number[]) => JSON.stringify({ type: 'presence.subscribe', user_ids: ids });
  const everybody = (_userId: number, otherIds: readonly number[]) =>
    Promise.resolve(otherIds.map((userId) => ({ userId, lastSeenAt: null, isHidden: false })));
  const ids = (from: number, count: number) => Array.from({ length: count }, (_, index) => from + index);

  async function watcher(node: Node) {
    const { wire, session, closed } = await node.openFor(1);
    return {
      session,
      closed,
      seen: () => wire.frames.filter(({ type }) => type === 'presence').map(({ data }) => data),
    };
  }

  it('does not tell of users who come back within five seconds', async () => {
    const node = new Node();
    const { session, seen } = await watcher(node);
    const before = await node.openFor(2);
    session.receive(watch([2]));
    await settled();
    before.closed();
    await vi.advanceTimersByTimeAsync(4900);
    const after = await node.openFor(2);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(seen()).toEqual([]);
    after.closed();
    await vi.advanceTimersByTimeAsync(5100);
    expect(seen()).toMatchObject([{ user_id: 2, online: false }]);
  });

  it('tells a narrowed token nothing more of who shares none of its chats any more', async () => {
    let isIn = true;
    const check = (pairs: readonly { userId: number; chatId: number }[]) =>
      Promise.resolve(pairs.filter(({ userId }) => isIn || userId !== 2).map((pair) => ({ ...pair, pts: 1 })));
    const node = new Node({ store: { check } });
    const narrowing = { chats: new Set([CHAT, CHAT + 1]), rights: 'read' as const };
    const { wire, session } = await node.openFor(1, { ...identity(1), narrowing });
    session.receive(watch([2]));
    await settled();
    const other = await node.openFor(2);
    await settled();
    isIn = false;
    other.closed();
    await vi.advanceTimersByTimeAsync(5100);
    const told = wire.frames.filter(({ type }) => type === 'presence').map(({ data }) => data);
    expect(told).toMatchObject([{ user_id: 2, online: true }]);
    expect([...node.broker.channels]).not.toContain('presence:2');
  });

  it('tells of 500 users, and of no more', async () => {
    const node = new Node();
    const { session, seen } = await watcher(node);
    session.receive(watch(ids(1000, 300)));
    session.receive(watch(ids(1200, 300)));
    session.receive(watch(ids(1500, 1)));
    await settled();
    for (const userId of [1499, 1500]) await node.openFor(userId);
    await settled();
    expect(seen()).toMatchObject([{ user_id: 1499 }]);
  });

  it('listens for no more than 500 users, and for its own', async () => {
    const node = new Node();
    const { session } = await watcher(node);
    session.receive(watch(ids(1000, 300)));
    session.receive(watch(ids(1300, 300)));
    await settled();
    expect([...node.broker.channels].filter((channel) => channel.startsWith('presence:'))).toHaveLength(501);
  });

  it('tells once of a user whom several nodes announce at the same time', async () => {
    const found = new Gate();
    const contacts = vi.fn(everybody);
    const node = new Node({ store: { contacts } });
    const { session, seen } = await watcher(node);
    session.receive(watch([2]));
    await settled();
    contacts.mockImplementation((...asked) => found.opened.then(() => everybody(...asked)));
    await node.openFor(2);
    for (let count = 0; count < 2; count++) node.broker.publish('presence:2', EncodedEvent.signal());
    found.open();
    await settled();
    expect(seen()).toMatchObject([{ user_id: 2, online: true }]);
  });

  it('tells of a change later, when the database fails', async () => {
    const contacts = vi.fn(everybody);
    const node = new Node({ store: { contacts } });
    const { session, seen } = await watcher(node);
    session.receive(watch([2, 3]));
    await settled();
    contacts.mockRejectedValueOnce(new Error('The database is not there.'));
    await Promise.all([node.openFor(2), node.openFor(3)]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(seen().sort((a, b) => a.user_id - b.user_id)).toMatchObject([
      { user_id: 2, online: true },
      { user_id: 3, online: true },
    ]);
  });

  it('tells of a user who comes back after the last watcher had left', async () => {
    const found = new Gate();
    const contacts = vi.fn(everybody);
    const node = new Node({ store: { contacts } });
    const { session, seen } = await watcher(node);
    session.receive(watch([2]));
    await settled();
    contacts.mockImplementationOnce((...asked) => found.opened.then(() => everybody(...asked)));
    const { closed } = await node.openFor(2);
    await settled();
    session.receive(JSON.stringify({ type: 'presence.unsubscribe', user_ids: [2] }));
    await settled();
    found.open();
    closed();
    await vi.advanceTimersByTimeAsync(6000);
    session.receive(watch([2]));
    await settled();
    const before = seen().length;
    await node.openFor(2);
    await settled();
    expect(seen().slice(before)).toMatchObject([{ user_id: 2, online: true }]);
  });

  it('stores when users were last seen later, when the database fails', async () => {
    const seen = vi.fn(() => Promise.resolve()).mockRejectedValueOnce(new Error('The database is not there.'));
    const node = new Node({ store: { seen } });
    await node.openFor(2);
    await vi.advanceTimersByTimeAsync(1000);
    await node.openFor(3);
    await vi.advanceTimersByTimeAsync(5000);
    expect(seen.mock.calls).toEqual([[[2]], [[2, 3]]]);
  });

  it('stores when users were last seen', async () => {
    const seen = vi.fn(() => Promise.resolve());
    const node = new Node({ store: { seen } });
    const { closed } = await node.openFor(2);
    await vi.advanceTimersByTimeAsync(1000);
    expect(seen.mock.calls).toEqual([[[2]]]);
    closed();
    await vi.advanceTimersByTimeAsync(7000);
    expect(seen.mock.calls).toEqual([[[2]], [[2]]]);
  });
});
