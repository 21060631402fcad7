import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { PASSWORD, uniqueName } from '../support/client.js';
import { listen, urlOf, useServer } from '../support/socket.js';

const H2C = { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c', 'http2-settings': 'AAMAAABkAAQAAP__' };
const WEBSOCKET = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
};

/** Some clients offer another protocol with each request; a server that does not know it goes on as if they had not. */
describe('an upgrade to what there is not', () => {
  const test = useServer();

  async function ask(method: string, path: string, headers: Record<string, string>, body?: object) {
    const text = body && JSON.stringify(body);
    const contents = text && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
    const asked = request(urlOf(test, 'http') + path, { method, headers: { ...headers, ...contents } }).end(text);
    const [response] = await once(asked, 'response');
    response.resume();
    return response.statusCode as number;
  }

  it('is ignored, also for a request with a body', async () => {
    const username = uniqueName();
    const account = { username, email: `${username}@example.com`, password: PASSWORD };
    expect(await ask('POST', '/register', H2C, account)).toBe(200);
    expect(await ask('GET', '/health/live', H2C)).toBe(200);
    expect(await ask('GET', '/ws', H2C)).toBe(426);
  });

  it('is ignored where no socket is', async () => {
    expect(await ask('GET', '/health/live', WEBSOCKET)).toBe(200);
    expect(await ask('GET', '/nowhere', WEBSOCKET)).toBe(404);
    expect(await ask('POST', '/ws', WEBSOCKET)).toBe(405);
  });

  it('leaves the connection to the next request', async () => {
    const { port, hostname } = new URL(urlOf(test, 'http'));
    const socket = connect(Number(port), hostname);
    const lines = Object.entries(H2C).map(([name, value]) => `${name}: ${value}\r\n`);
    let answers = '';
    socket.on('data', (part) => (answers += String(part)));
    const get = `GET /health/live HTTP/1.1\r\nHost: a\r\n`;
    socket.write(`${get}${lines.join('')}\r\n`);
    await expect.poll(() => answers.match(/HTTP\/1.1 200/g)).toHaveLength(1);
    socket.write(`${get}\r\n`);
    await expect.poll(() => answers.match(/HTTP\/1.1 200/g)).toHaveLength(2);
    socket.destroy();
  });

  it('does not hold up a stop', async () => {
    const other = await test.another({});
    await listen(other);
    const asked = request(`${urlOf(other, 'http')}/nowhere`, { headers: WEBSOCKET }).end();
    const [response] = await once(asked, 'response');
    response.resume();
    await other.app.close();
    expect(response.statusCode).toBe(404);
  });
});
