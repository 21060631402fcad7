import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Store } from '../../src/realtime/index.js';
import { NETWORK, Gate, identity, Node } from './node.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Until everything that is due has gone out. */
const settled = () => vi.advanceTimersByTimeAsync(1);
const seconds = (count: number) => vi.advanceTimersByTimeAsync(count * 1000);

const PING = JSON.stringify({ type: 'ping' });

describe('the deadlines of a session', () => {
  it('give five seconds to authenticate', async () => {
    const { wire, session } = new Node().open();
    await seconds(5);
    expect(wire.closedWith).toBeUndefined();
    session.receive(JSON.stringify({ type: 'authenticate', token: 'user 1' }));
    await seconds(10);
    expect(wire.frames).toMatchObject([{ type: 'ready' }]);
    const late = new Node().open();
    await seconds(7);
    expect(late.wire.closedWith).toBe(4408);
  });

  it('ping each twenty seconds, and end it after forty without a sign of life', async () => {
    const { wire } = await new Node().openFor(1);
    await seconds(22);
    expect(wire.calls).toContain('ping');
    await seconds(17);
    expect(wire.closedWith).toBeUndefined();
    await seconds(3);
    expect(wire.closedWith).toBe(4421);
  });

  it('begin anew with each pong, and with each frame', async () => {
    const { wire, session } = await new Node().openFor(1);
    for (let count = 0; count < 5; count++) {
      await seconds(30);
      session.heard();
      await seconds(30);
      session.receive(PING);
    }
    expect(wire.closedWith).toBeUndefined();
  });

  it('end it with its token', async () => {
    const { wire, session } = new Node().open();
    await session.authenticate(identity(1, 8000));
    await seconds(7);
    expect(wire.closedWith).toBeUndefined();
    await seconds(3);
    expect(wire.closedWith).toBe(4410);
  });

  it('end it when something waits for its client for a minute', async () => {
    const { wire, session } = await new Node().openFor(1);
    wire.bufferedBytes = 1;
    await seconds(30);
    session.heard();
    wire.bufferedBytes = 0;
    await seconds(2);
    wire.bufferedBytes = 1;
    for (let count = 0; count < 3; count++) {
      await seconds(19);
      session.heard();
    }
    expect(wire.closedWith).toBeUndefined();
    await seconds(5);
    expect(wire.closedWith).toBe(4413);
  });

  it('cut off who does not answer a close', async () => {
    const { wire, session } = await new Node().openFor(1);
    session.receive('nonsense');
    await settled();
    expect(wire.closedWith).toBe(4400);
    expect(wire.calls).not.toContain('destroy');
    await seconds(4);
    expect(wire.calls).toContain('destroy');
  });
});

describe('what a session reads', () => {
  it('is no more while thirty-two frames wait, until half of them are done', async () => {
    const gate = new Gate();
    const node = new Node({ store: { contacts: () => gate.opened.then(() => []) } });
    const { wire, session } = await node.openFor(1);
    session.receive(JSON.stringify({ type: 'presence.subscribe', user_ids: [2] }));
    for (let count = 0; count < 31; count++) session.receive(PING);
    expect(wire.calls).not.toContain('pause');
    session.receive(PING);
    expect(wire.calls).toContain('pause');
    const before = wire.calls.length;
    gate.open();
    await settled();
    expect(wire.calls.slice(before)).toContain('resume');
    expect(wire.frames.filter(({ type }) => type === 'pong')).toHaveLength(32);
  });

  it('is no more while 32 KiB wait', async () => {
    const gate = new Gate();
    const node = new Node({ store: { contacts: () => gate.opened.then(() => []) } });
    const { wire, session } = await node.openFor(1);
    session.receive(JSON.stringify({ type: 'presence.subscribe', user_ids: [2] }));
    session.receive(JSON.stringify({ type: 'ping', filler: 'x'.repeat(20_000) }));
    expect(wire.calls).not.toContain('pause');
    session.receive(JSON.stringify({ type: 'ping', filler: 'x'.repeat(20_000) }));
    expect(wire.calls).toContain('pause');
    gate.open();
    await settled();
    expect(wire.calls).toContain('resume');
  });

  it('is at most five hundred frames at once, and a hundred a second after it', async () => {
    const { wire, session } = await new Node().openFor(1);
    for (let count = 0; count < 500; count++) session.receive(PING);
    await seconds(1);
    for (let count = 0; count < 100; count++) session.receive(PING);
    expect(wire.closedWith).toBeUndefined();
    session.receive(PING);
    expect(wire.closedWith).toBe(4429);
  });

  it('is nothing after its end', async () => {
    const { wire, session } = await new Node().openFor(1);
    await settled();
    session.receive('nonsense');
    session.receive(PING);
    await settled();
    expect(wire.frames.map(({ type }) => type)).toEqual(['ready']);
  });

  it('waits for ready, when the token came with the request', async () => {
    const gate = new Gate();
    const node = new Node({ store: { membershipsOf: () => gate.opened.then(() => ({ mePts: 0, chats: [] })) } });
    const { wire, session } = node.open();
    const ready = session.authenticate(identity(1));
    session.receive(PING);
    gate.open();
    await ready;
    await settled();
    expect(wire.frames.map(({ type }) => type)).toEqual(['ready', 'pong']);
  });
});

describe('what a session writes', () => {
  it('is nothing but answers before it is ready', async () => {
    const gate = new Gate();
    const node = new Node({ store: { epoch: () => gate.opened.then(() => 'an epoch') } });
    const { wire, session } = node.open();
    const ready = session.authenticate(identity(1));
    await settled();
    node.publish(2);
    await settled();
    expect(wire.frames).toEqual([]);
    gate.open();
    await ready;
    node.publish(3);
    await settled();
    expect(wire.frames).toMatchObject([{ type: 'ready' }, { type: 'message.created', pts: 3 }]);
  });

  it('goes out together, in one write', async () => {
    const node = new Node();
    const { wire, session } = await node.openFor(1);
    await settled();
    const before = wire.calls.length;
    for (let pts = 2; pts < 12; pts++) node.publish(pts);
    session.receive(PING);
    await settled();
    expect(wire.calls.slice(before).filter((call) => call === 'write')).toHaveLength(1);
    expect(wire.frames).toHaveLength(12);
  });

  it('ends with the close', async () => {
    const { wire, session } = await new Node().openFor(1);
    await settled();
    session.receive(PING);
    session.receive('nonsense');
    await settled();
    expect(wire.calls.lastIndexOf('close')).toBeGreaterThan(wire.calls.lastIndexOf('write'));
  });
});

describe('a user', () => {
  it('has a hundred connections to a node, and no more', async () => {
    const node = new Node();
    const opened = await Promise.all(Array.from({ length: 101 }, () => node.openFor(1)));
    await settled();
    const closes = opened.map(({ wire }) => wire.closedWith);
    expect(closes.filter((code) => code === undefined)).toHaveLength(100);
    expect(closes.filter((code) => code === 4429)).toHaveLength(1);
    expect((await node.openFor(2)).wire.closedWith).toBeUndefined();
  });
});

describe('a chat whose last member goes while it is healed', () => {
  it('is another one for a client that comes then', async () => {
    const checked = new Gate();
    const check: Store['check'] = (pairs) =>
      checked.opened.then(() => pairs.filter(({ userId }) => userId !== 1).map((pair) => ({ ...pair, pts: 9 })));
    const node = new Node({ store: { check } });
    const { closed } = await node.openFor(1);
    // What is between is missing, so that the chat is healed.
    node.publish(9);
    await vi.advanceTimersByTimeAsync(400);
    closed();
    const { wire } = await node.openFor(2);
    checked.open();
    await settled();
    node.publish(2);
    await settled();
    expect(wire.frames).toMatchObject([{ type: 'ready' }, { type: 'message.created', pts: 2 }]);
  });
});

describe('a connection that is gone', () => {
  it('leaves nothing behind', async () => {
    const node = new Node({ max: 1 });
    const { session, closed } = await node.openFor(1);
    expect(node.realtime.accepts(NETWORK)).toBe(false);
    session.receive(JSON.stringify({ type: 'presence.subscribe', user_ids: [2, 3] }));
    await settled();
    expect([...node.broker.channels].sort()).toEqual(['chat:7', 'presence:1', 'presence:2', 'presence:3', 'user:1']);
    closed();
    expect([...node.broker.channels]).toEqual([]);
    expect(node.realtime.accepts(NETWORK)).toBe(true);
  });

  it('leaves nothing behind while it is attaching', async () => {
    const gate = new Gate();
    const node = new Node({ store: { membershipsOf: () => gate.opened.then(() => ({ mePts: 0, chats: [] })) } });
    const { session, closed } = node.open();
    const ready = session.authenticate(identity(1));
    closed();
    gate.open();
    await ready;
    expect([...node.broker.channels]).toEqual([]);
  });

  it('leaves nothing behind while it subscribes to presence', async () => {
    const gate = new Gate();
    const contacts = () => gate.opened.then(() => [{ userId: 2, lastSeenAt: null, isHidden: false }]);
    const node = new Node({ store: { contacts } });
    const { session, closed } = await node.openFor(1);
    session.receive(JSON.stringify({ type: 'presence.subscribe', user_ids: [2] }));
    closed();
    gate.open();
    await settled();
    expect([...node.broker.channels]).toEqual([]);
  });
});
