import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { call, register, registerMany, type Person } from '../support/client.js';
import { insertMessages } from '../support/insert-messages.js';
import { useServer } from '../support/socket.js';

const test = useServer();

function open(): Socket {
  const { port } = test.app.server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => {
    socket.destroy();
  });
  return socket.on('error', () => undefined);
}

const request = (path: string, token = '') =>
  `GET ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n\r\n`;

const LAST = 'GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';

/** All that comes until the server closes the connection. */
async function readToEnd(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (chunk) => (text += String(chunk)));
  await once(socket, 'close');
  return text;
}

const statuses = (text: string) => [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => Number(status));

describe('requests in advance', () => {
  it('are answered in their order', async () => {
    const socket = open();
    socket.write(request('/health/live') + request('/nowhere') + request('/user/me') + LAST);
    expect(statuses(await readToEnd(socket))).toEqual([200, 404, 401, 200]);
  });

  it('are all answered when they are seventeen', async () => {
    const socket = open();
    socket.write(request('/health/live').repeat(17));
    let text = '';
    socket.on('data', (chunk) => (text += String(chunk)));
    await expect.poll(() => statuses(text)).toHaveLength(17);
    socket.write(LAST);
    await once(socket, 'close');
    expect(statuses(text)).toHaveLength(18);
  });

  it('are answered as far as there is room for them, and the client is told that the connection ends', async () => {
    const socket = open();
    socket.write(request('/health/live').repeat(2000));
    const text = await readToEnd(socket);
    expect(statuses(text)).toEqual(Array.from({ length: 17 }, () => 200));
    expect(text.match(/^connection: close/gim)).toHaveLength(1);
    expect(text.lastIndexOf('onnection: close')).toBeGreaterThan(text.lastIndexOf('HTTP/1.1'));
  });

  it('end the connection when one of them asks for a socket, after the answers before it', async () => {
    const socket = open();
    const upgrade = 'GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n';
    const key = 'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';
    socket.write(request('/user/me') + upgrade + key + request('/health/live'));
    expect(statuses(await readToEnd(socket))).toEqual([401]);
  });

  it('are refused in their turn when they expect what nobody does', async () => {
    const socket = open();
    socket.write(request('/user/me') + 'GET /health/live HTTP/1.1\r\nHost: x\r\nExpect: wonders\r\n\r\n' + LAST);
    expect(statuses(await readToEnd(socket))).toEqual([401, 417, 200]);
  });

  it('are cut off with all other connections', async () => {
    const { app } = await test.another({});
    await app.listen({ port: 0, host: '127.0.0.1' });
    const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1').on('error', () => undefined);
    socket.pause();
    socket.write(request('/openapi.json').repeat(40));
    await new Promise((resolve) => setTimeout(resolve, 200));
    const closing = app.close();
    app.server.closeAllConnections();
    await closing;
    socket.destroy();
  });

  it('of one network have so much room in all', async () => {
    const ada = await register(test);
    const chatId = await ada.openGroup([await register(test)]);
    // Each waits for a while, so that the others have come meanwhile.
    const text = request(`/chat/${chatId}/messages`, ada.token).repeat(17);
    const texts = await Promise.all(
      Array.from({ length: 120 }, async () => {
        const socket = open();
        socket.write(text);
        setTimeout(() => socket.write(LAST), 1500);
        return readToEnd(socket);
      }),
    );
    const answered = texts.map((some) => statuses(some).length);
    expect(Math.min(...answered)).toBeGreaterThan(0);
    expect(Math.min(...answered)).toBeLessThan(17);
  });
});

it('a file that is not there costs nobody anything, however often it is asked for', async () => {
  for (let count = 0; count < 40; count++)
    expect((await call(test, 'GET', '/docs/static/nothing.js')).status).toBe(404);
  expect((await call(test, 'GET', '/health/live')).status).toBe(200);
});

describe('answers that are not read', () => {
  /** A page of 830 kB. */
  async function openLargeChat(owner: Person, other: Person): Promise<string> {
    const chatId = await owner.openPrivate(other);
    await insertMessages(test, chatId, owner, 100, '🐢'.repeat(2000));
    return `/chat/${chatId}/messages?limit=100`;
  }

  it('keep their owner from more, until they are gone, and nobody else', async () => {
    const [ada, bob] = (await registerMany(test, 2)) as [Person, Person];
    const page = await openLargeChat(ada, bob);
    expect((await ada.get(page)).status).toBe(200);

    const sockets = Array.from({ length: 40 }, open);
    for (const socket of sockets) {
      socket.pause();
      socket.write(request(page, ada.token).repeat(16));
    }
    await expect.poll(async () => (await ada.get('/user/me')).status, { timeout: 20_000 }).toBe(429);
    expect((await ada.get('/user/me')).headers['retry-after']).toBe('1');
    expect((await bob.get(page)).status).toBe(200);

    for (const socket of sockets) socket.destroy();
    await expect.poll(async () => (await ada.get(page)).status, { timeout: 20_000 }).toBe(200);
  });
});
