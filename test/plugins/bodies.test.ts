import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { beforeAll, describe, expect, it } from 'vitest';
import { createLogger } from '../../src/shared/logger.js';
import { PASSWORD, call, expectError, register, uniqueName, type Person } from '../support/client.js';
import { Socket, useServer } from '../support/socket.js';
import { writtenLines } from '../support/written-lines.js';

const { destination, written } = writtenLines();
const test = useServer({ logRequestsPerSecond: 5 });

let ada: Person;
let chatId: number;
beforeAll(async () => {
  ada = await register(test);
  chatId = await ada.openGroup([await register(test)]);
});

const JSON_TYPE = { 'content-type': 'application/json' };
const OPEN = ['/login', '/register'];
const post = (url: string, payload: string | Buffer) =>
  call(test, 'POST', url, { token: OPEN.includes(url) ? undefined : ada.token, headers: JSON_TYPE, body: payload });

describe('a body', () => {
  it.each([
    ['/login', 32 * 1024],
    ['/register', 32 * 1024],
    ['/chat/1/message', 32 * 1024],
    ['/chat/private/create', 32 * 1024],
    ['/chat/group/create', 256 * 1024],
    ['/sync', 768 * 1024],
  ])('of %s may have %i bytes, and is refused beyond, before it is looked at', async (url, limit) => {
    expect((await post(url, ' '.repeat(limit))).status).not.toBe(413);
    expectError(await post(url, ' '.repeat(limit + 1)), 413, 'PAYLOAD_TOO_LARGE');
  });

  it.each([
    ['lists', '['],
    ['objects', '{"a":'],
    ['lists in a field', '{"contents":['],
  ])('of nested %s is refused, however deep', async (_what, open) => {
    for (const count of [17, 1000, Math.floor(32_000 / open.length)]) {
      expectError(await post('/login', open.repeat(count)), 422, 'VALIDATION_ERROR', {
        errors: { request: expect.any(String) },
      });
    }
  });

  it.each([
    ['a lone continuation byte', [0x80]],
    ['an overlong slash', [0xc0, 0xaf]],
    ['half a pair of surrogates', [0xed, 0xa0, 0x80]],
    ['a character that is cut off', [0xe2, 0x82]],
    ['a byte that is never in UTF-8', [0xff]],
  ])('with %s is refused: two passwords would be the same', async (_what, bytes) => {
    const text = (password: Buffer) =>
      Buffer.concat([
        Buffer.from(`{"username":"${uniqueName()}","email":"${uniqueName()}@example.com","password":"`),
        password,
        Buffer.from('"}'),
      ]);
    const register = (password: Buffer) =>
      call(test, 'POST', '/register', { headers: JSON_TYPE, body: text(password) });
    expectError(await register(Buffer.from([...Buffer.from(PASSWORD), ...bytes])), 422, 'VALIDATION_ERROR', {
      errors: { request: 'must be UTF-8' },
    });
    expect((await register(Buffer.from(`${PASSWORD}\ufffd`))).status).toBe(200);
  });

  it('that is broken off again and again has no more lines in the log than there may be', async () => {
    const log = createLogger('trace', destination);
    const { app } = await test.another({ logRequestsPerSecond: 5 }, { log });
    await app.listen({ port: 0, host: '127.0.0.1' });
    written.length = 0;
    for (let count = 0; count < 60; count++) {
      const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
      socket.write(
        'POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{',
      );
      await once(socket, 'connect');
      await new Promise((resolve) => setTimeout(resolve, 3));
      socket.destroy();
    }
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(written.length).toBeLessThan(40);
  });
});

describe('a frame', () => {
  it.each([
    ['deep', '['.repeat(100_000)],
    ['deep in a field', `{"type":"sync","epoch":null,"chats":${'{"1":'.repeat(1000)}`],
  ])('that is %s is refused, and holds up nobody', async (_what, text) => {
    const socket = await Socket.of(ada);
    socket.sendRaw(text);
    expect((await socket.closed).code).toBe(4400);
    expect((await ada.get(`/chat/${chatId}`)).status).toBe(200);
  });
});
