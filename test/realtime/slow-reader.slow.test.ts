import { mkdtemp, rm } from 'node:fs/promises';
import type { Socket as NetSocket } from 'node:net';
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { useApp } from '../support/app.js';
import { registerMany, type Person } from '../support/client.js';
import { Socket, type Frame } from '../support/socket.js';
import { NETWORK, Node, identity } from './node.js';

const MIB = 1024 * 1024;

describe('somebody who does not read', () => {
  const test = useApp();
  let path: string;
  /** All that the server has ever accepted. */
  const accepted: NetSocket[] = [];

  // On a TCP socket the system itself would keep many megabytes; on one of these it is two hundred kilobytes.
  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'messenger-test-socket-'));
    path = join(folder, 'server');
    test.app.server.on('connection', (socket: NetSocket) => accepted.push(socket));
    await test.app.listen({ path });
    return () => rm(folder, { recursive: true, force: true });
  });

  /** 8 kB, as UTF-8. */
  const LARGE = '🐢'.repeat(2047);
  const COUNT = 400;

  async function trio() {
    const [ada, bob, eve] = (await registerMany(test, 3)) as [Person, Person, Person];
    return { ada, bob, eve, chatId: await ada.openGroup([bob, eve]) };
  }

  /** Sends three megabytes. @returns how much has waited in the server for one connection at the most. */
  async function flood(ada: Person, chatId: number, connection: NetSocket): Promise<number> {
    let most = 0;
    for (let count = 0; count < COUNT; count++) {
      await ada.send(chatId, LARGE);
      most = Math.max(most, connection.writableLength);
    }
    return most;
  }

  const expectAll = async (socket: Socket) => {
    const events = await socket.takeMany('message.created', COUNT);
    expect(events.map(({ pts }) => pts)).toEqual(events.map((_, index) => index + 2));
  };

  it('on a socket is closed, while the others in the chat get everything', async () => {
    const { ada, bob, eve, chatId } = await trio();
    const others = await Promise.all([Socket.of(ada), Socket.of(eve)]);
    const slow = await Socket.of(bob);
    const connection = accepted.at(-1)!;
    slow.webSocket.pause();
    expect(await flood(ada, chatId, connection)).toBeLessThan(1.2 * MIB);
    await Promise.all(others.map(expectAll));
    // Cut off, because it does not read its close either.
    if (!connection.destroyed) await once(connection, 'close');
    slow.webSocket.resume();
    expect([4413, 1006]).toContain((await slow.closed).code);
    expect(test.app.server.listening).toBe(true);
  });

  it('can read why, and comes back', async () => {
    const { ada, bob, chatId } = await trio();
    const slow = await Socket.of(bob);
    const connection = accepted.at(-1)!;
    slow.webSocket.pause();
    for (let count = 0; connection.writableLength < MIB && count < COUNT; count++) await ada.send(chatId, LARGE);
    await ada.send(chatId, 'one more');
    slow.webSocket.resume();
    expect((await slow.closed).code).toBe(4413);
    const last = await ada.send(chatId, 'after');
    const again = await Socket.of(bob);
    const missed: Frame[] = [];
    for (let [pts, isMore] = [1, true]; isMore;) {
      const { data } = await again.ask({ type: 'sync', epoch: null, chats: { [chatId]: pts } });
      const [chat] = data.chats;
      missed.push(...chat.changes);
      [pts, isMore] = [chat.pts, chat.has_more];
    }
    expect(missed.map(({ pts }) => pts)).toEqual(Array.from({ length: last.pts - 1 }, (_, index) => index + 2));
    expect(missed.at(-1)?.data.contents).toBe('after');
  });

  it('on a stream is cut off, while the others in the chat get everything', async () => {
    const { ada, bob, eve, chatId } = await trio();
    const others = await Promise.all([Socket.of(ada), Socket.of(eve)]);
    const headers = { authorization: `Bearer ${bob.token}` };
    const slow = request({ socketPath: path, path: '/events', headers }).end();
    const [response] = (await once(slow, 'response')) as [IncomingMessage];
    response.pause();
    response.on('error', () => undefined);
    const connection = accepted.at(-1)!;
    expect(await flood(ada, chatId, connection)).toBeLessThan(1.2 * MIB);
    await Promise.all(others.map(expectAll));
    if (!connection.destroyed) await once(connection, 'close');
    slow.destroy();
  });

  it('does not hold up a stop', async () => {
    const { ada, bob, chatId } = await trio();
    const slow = await Socket.of(bob);
    slow.webSocket.pause();
    for (let count = 0; count < 50; count++) await ada.send(chatId, LARGE);
    await test.app.close();
  });
});

describe('a session', () => {
  const settled = () => vi.waitFor(() => new Promise(setImmediate));

  it('is closed when more than 1 MiB of events waits for its client', async () => {
    const node = new Node();
    const { wire } = await node.openFor(1);
    await settled();
    wire.isRead = false;
    for (let pts = 2; wire.closedWith === undefined && pts < 1000; pts++) {
      node.publish(pts, 'x'.repeat(10_000));
      await settled();
    }
    expect(wire.closedWith).toBe(4413);
    expect(wire.bufferedBytes).toBeGreaterThan(MIB);
    expect(wire.bufferedBytes).toBeLessThan(MIB + 20_000);
    const { length } = wire.frames;
    node.publish(1000);
    await settled();
    expect(wire.frames).toHaveLength(length);
  });

  it('may have a larger answer, which was asked for', async () => {
    const node = new Node({ answer: 'x'.repeat(3 * MIB) });
    const { wire, session } = await node.openFor(1);
    await settled();
    wire.isRead = false;
    session.receive(JSON.stringify({ type: 'get' }));
    await settled();
    node.publish(2);
    await settled();
    expect(wire.closedWith).toBeUndefined();
    expect(wire.frames.at(-1)).toMatchObject({ type: 'message.created' });
  });

  it('keeps no more answers than one for a client that does not read', async () => {
    const node = new Node({ answer: 'x'.repeat(MIB) });
    const { wire, session } = await node.openFor(1);
    await settled();
    wire.isRead = false;
    for (let count = 0; count < 20; count++) session.receive(JSON.stringify({ type: 'get' }));
    await settled();
    await settled();
    expect(wire.bufferedBytes).toBeLessThan(3 * MIB);
  });
});

describe('a stream', () => {
  it('does not write all that was missed at once', async () => {
    const node = new Node();
    const output = {
      bufferedBytes: 0,
      end: () => undefined,
      write: (text: string) => (output.bufferedBytes += text.length),
      drained: () => new Promise<void>(() => undefined),
    };
    let rounds = 0;
    const sync = () => {
      const change = { type: 'message.state', pts: ++rounds, data: 'x'.repeat(MIB) };
      const chat = { chat_id: 7, pts: rounds, has_more: rounds < 20, too_long: false, changes: [change] };
      return Promise.resolve({ epoch: 'an epoch', has_more: false, joined: [], left: [], chats: [chat] });
    };
    const cursor = { epoch: 'an epoch', chats: new Map([[7, 1]]), mePts: 0, peoplePts: 0 };
    const source = { profileType: 'user.updated', sync, chat: () => Promise.resolve(undefined) };
    const { opened, closed } = node.realtime.openStream(identity(1), output, cursor, source, NETWORK);
    onTestFinished(closed);
    await opened;
    await settled();
    await settled();
    expect(output.bufferedBytes).toBeLessThan(4 * MIB);
  });
});

const settled = () => vi.waitFor(() => new Promise(setImmediate));
