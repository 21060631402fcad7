import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { registerMany, type Person } from '../../test/support/client.js';
import { useServer } from '../../test/support/socket.js';
import { deviceOf, online, onlineDevice, texts } from './support/device.js';
import { Network } from './support/network.js';

const test = useServer();

/** A server that ends every session in this way. @returns how often it was asked. */
async function closingWith(code: number, isReady: boolean) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
  });
  const seen = { tries: 0 };
  server.on('connection', (socket) => {
    seen.tries++;
    socket.on('message', (text: Buffer) => {
      const { ref } = JSON.parse(text.toString()) as { ref: string };
      const now = Date.now();
      const [server_time, expires_at] = [new Date(now).toISOString(), new Date(now + 3_600_000).toISOString()];
      const data = { user_id: 1, epoch: 'e', server_time, expires_at, heartbeat_seconds: 20 };
      if (isReady) socket.send(JSON.stringify({ type: 'ready', ref, data }));
      socket.close(code);
    });
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

async function pair() {
  const [ada, bob] = (await registerMany(test, 2)) as [Person, Person];
  return { ada, bob, chatId: await ada.openGroup([bob]) };
}

describe('a connection', () => {
  it.each([
    [1001, true],
    [4413, true],
    [4421, true],
    [4503, false],
    [4408, false],
  ])('that ends with %i each time is tried ever more slowly', async (code, isReady) => {
    const { url, seen } = await closingWith(code, isReady);
    const { ada } = await pair();
    deviceOf(ada, { url }, { backoffFirstMs: 200, backoffLongestMs: 30_000 });
    await sleep(700);
    expect(seen.tries).toBeLessThan(15);
  });

  it.each([1009, 4400, 4429])('that ends with %i is not tried again soon', async (code) => {
    const { url, seen } = await closingWith(code, true);
    const { ada } = await pair();
    const device = deviceOf(ada, { url });
    await expect.poll(() => seen.tries).toBe(1);
    await sleep(400);
    expect(seen.tries).toBe(1);
    expect(device.connection.getSnapshot().state).not.toBe('online');
  });

  it('that is cut comes back, and nothing is missing', async () => {
    const { ada, bob, chatId } = await pair();
    const network = await Network.to(test);
    const device = await onlineDevice(bob, { url: network.url });
    const states: string[] = [];
    device.connection.subscribe(() => states.push(device.connection.getSnapshot().state));
    network.down();
    await ada.send(chatId, 'meanwhile');
    await expect.poll(() => states).toEqual(['connecting', 'offline']);
    network.up();
    await online(device);
    expect(texts(device, chatId)).toEqual(['meanwhile']);
    expect(states).toEqual(['connecting', 'offline', 'online']);
  });

  it('that is dead without a word is noticed', async () => {
    const { ada, bob, chatId } = await pair();
    const network = await Network.to(test);
    const device = await onlineDevice(bob, { url: network.url }, { silenceMs: 100, pongMs: 200 });
    await sleep(400);
    expect(device.connection.getSnapshot().state).toBe('online');
    network.swallowAnswers();
    await ada.send(chatId, 'unheard');
    await expect.poll(() => device.connection.getSnapshot().state).not.toBe('online');
    network.up();
    await expect.poll(() => texts(device, chatId)).toEqual(['unheard']);
  });

  it('is asked as soon as it was silent for so long, whenever that began', async () => {
    const { ada, bob, chatId } = await pair();
    const network = await Network.to(test);
    const device = await onlineDevice(bob, { url: network.url }, { silenceMs: 1500, pongMs: 100 });
    await sleep(750);
    await ada.send(chatId, 'the last word');
    await expect.poll(() => texts(device, chatId)).toEqual(['the last word']);
    network.swallowAnswers();
    const heardAt = Date.now();
    await expect.poll(() => device.connection.getSnapshot().state).not.toBe('online');
    // Counted from when it was opened it would be more than two seconds.
    expect(Date.now() - heardAt).toBeLessThan(2100);
  });
});

/** Where something in between lets no socket through, for so many tries. */
function blockedFor(tries: number): typeof globalThis.WebSocket {
  let left = tries;
  class Blocked extends WebSocket {
    constructor(url: string, protocols: string) {
      super(left-- > 0 ? url.replace('/ws', '/nothing-here') : url, protocols);
    }
  }
  return Blocked as unknown as typeof globalThis.WebSocket;
}

// Through a network of the test's own: where a stream of fetch ends, fetch opens another connection in advance, for which a
// server that closes would wait.
describe('where sockets are blocked', () => {
  it('everything arrives by a stream, and what is missed by a sync', async () => {
    const { ada, bob, chatId } = await pair();
    const network = await Network.to(test);
    const device = await onlineDevice(bob, { url: network.url, WebSocket: blockedFor(Infinity) });
    expect(device.connection.getSnapshot().via).toBe('stream');
    const sent = await ada.send(chatId, 'one');
    await expect.poll(() => texts(device, chatId)).toEqual(['one']);
    expect(device.unread.getSnapshot()).toEqual({ messages: 1, chats: 1 });
    network.down();
    await ada.patch(`/message/${sent.id}`, { contents: 'two' });
    await ada.send(chatId, 'three');
    network.up();
    await expect.poll(() => texts(device, chatId)).toEqual(['two', 'three']);
    device.chat(chatId).send('four');
    await expect.poll(() => texts(device, chatId)).toEqual(['two', 'three', 'four']);
    await expect.poll(() => device.outbox.getSnapshot()).toEqual([]);
    expect(device.unread.getSnapshot()).toEqual({ messages: 2, chats: 1 });
  });

  it('a socket takes over as soon as one opens, with nothing lost', async () => {
    const { ada, bob, chatId } = await pair();
    const { url } = await Network.to(test);
    const device = await onlineDevice(bob, { url, WebSocket: blockedFor(2) }, { socketRetryMs: 150 });
    expect(device.connection.getSnapshot().via).toBe('stream');
    await ada.send(chatId, 'one');
    await expect.poll(() => device.connection.getSnapshot().via).toBe('socket');
    await ada.send(chatId, 'two');
    await expect.poll(() => texts(device, chatId)).toEqual(['one', 'two']);
  });

  it('a token that ends is replaced, and the stream goes on', async () => {
    const { ada, bob, chatId } = await pair();
    const getToken = () => test.app.createAccessToken(bob.id, { ttlSeconds: 6 });
    const { url } = await Network.to(test);
    const device = await onlineDevice(bob, { url, WebSocket: blockedFor(Infinity), getToken });
    await sleep(1500);
    await ada.send(chatId, 'still here');
    await expect.poll(() => texts(device, chatId)).toEqual(['still here']);
  });
});
