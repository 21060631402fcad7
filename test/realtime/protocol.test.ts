import { once } from 'node:events';
import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { call, expectError, register, type Person } from '../support/client.js';
import { listen, Socket, urlOf, useServer } from '../support/socket.js';

const test = useServer();

/** A token that ends within two seconds. */
const shortToken = ({ id }: Person) => test.app.jwt.sign({ sub: String(id) }, { expiresIn: '2s' });

async function deleted(): Promise<Person> {
  const person = await register(test);
  await test.db.user.delete({ where: { id: BigInt(person.id) } });
  return person;
}

describe('a session', () => {
  const ready = ({ id }: Person) => ({
    type: 'ready',
    data: {
      user_id: id,
      epoch: expect.stringMatching(/^[0-9a-f-]{36}$/),
      expires_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      server_time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      heartbeat_seconds: 20,
    },
  });

  it('begins by the header', async () => {
    const ada = await register(test);
    const socket = await Socket.open(test, { token: ada.token });
    const frame = await socket.take('ready');
    expect(frame).toEqual(ready(ada));
    const { epoch } = (await ada.post('/sync', { epoch: null, chats: {} })).body;
    expect(frame.data.epoch).toBe(epoch);
    expect(Date.parse(frame.data.expires_at)).toBe((await test.app.identify(ada.token))?.expiresAt);
    expect(Math.abs(Date.parse(frame.data.server_time) - Date.now())).toBeLessThan(5000);
  });

  it('begins by the first frame', async () => {
    const ada = await register(test);
    const socket = await Socket.open(test);
    const answer = await socket.ask({ type: 'authenticate', token: ada.token });
    expect(answer).toEqual({ ...ready(ada), ref: expect.any(String) });
  });

  it('carries out what was sent before ready came, when it is behind the token', async () => {
    const ada = await register(test);
    const socket = await Socket.open(test);
    socket.send({ type: 'authenticate', token: ada.token });
    socket.send({ type: 'ping' });
    expect((await socket.rest()).map(({ type }) => type)).toEqual(['ready', 'pong']);
  });

  it('speaks messenger.v1, or nothing in particular', async () => {
    expect((await Socket.open(test)).webSocket.protocol).toBe('messenger.v1');
    expect((await Socket.open(test, { protocols: ['other', 'messenger.v1'] })).webSocket.protocol).toBe('messenger.v1');
    expect((await Socket.open(test, { protocols: [] })).webSocket.protocol).toBe('');
  });

  it('compresses nothing, unless it is configured to', async () => {
    const { token } = await register(test);
    expect((await Socket.open(test, { token })).webSocket.extensions).toBe('');
    const compressing = await test.another({ socketCompression: true });
    await listen(compressing);
    const socket = await Socket.open(compressing, { token });
    expect(socket.webSocket.extensions).toContain('permessage-deflate');
    await socket.take('ready');
    expect(await socket.ask({ type: 'sync', epoch: null, chats: {} })).toMatchObject({ data: { joined: [] } });
  });

  it('leaves half of all connections to other networks', async () => {
    const { token } = await register(test);
    const other = await test.another({ maxSockets: 10, trustProxy: true });
    await listen(other);
    const connect = (address: string) => Socket.open(other, { token, headers: { 'x-forwarded-for': address } });
    for (let count = 0; count < 5; count++) await (await connect('192.0.2.7')).take('ready');
    await expect(connect('192.0.2.7')).rejects.toThrow('503');
    // Another address of the same network, and the same one in another spelling.
    await expect(connect('192.0.2.7:4711')).rejects.toThrow('503');
    await expect(connect('::ffff:192.0.2.7')).rejects.toThrow('503');
    await (await connect('2001:db8::1')).take('ready');
  });

  it('is not for a wrong token in the header', async () => {
    await expect(Socket.open(test, { token: 'a.b.c' })).rejects.toThrow('401');
  });

  it('is not for a wrong token in a frame, nor for none', async () => {
    for (const frame of [{ type: 'authenticate', token: 'a.b.c' }, { type: 'ping' }]) {
      const socket = await Socket.open(test);
      socket.send(frame);
      expect((await socket.closed).code).toBe(4401);
    }
  });

  it('is not for a user who is gone', async () => {
    const { token } = await deleted();
    expect((await (await Socket.open(test, { token })).closed).code).toBe(4401);
    const socket = await Socket.open(test);
    socket.send({ type: 'authenticate', token });
    expect((await socket.closed).code).toBe(4401);
  });

  it('takes no token in the URL', async () => {
    const { token } = await register(test);
    for (const name of ['token', 'access_token', 'authorization']) {
      const socket = await Socket.open(test, { path: `/ws?${name}=${token}` });
      socket.send({ type: 'ping' });
      expect((await socket.closed).code).toBe(4401);
    }
  });

  it('reads 4 KiB of somebody who has not authenticated', async () => {
    const socket = await Socket.open(test);
    // Wrong, but no reason to end it.
    for (let count = 0; count < 5; count++) socket.send({ type: 'authenticate', token: 5, filler: 'x'.repeat(1000) });
    expect((await socket.closed).code).toBe(4408);
  });

  it('reads 4 KiB of them also where they are less than a frame', async () => {
    const socket = await Socket.open(test);
    socket.send({ type: 'authenticate', token: 'x'.repeat(200_000) });
    // It is cut off: whether its client gets to read why depends on what was still on its way.
    expect([4408, 1006]).toContain((await socket.closed).code);
  });

  it('ends with its token', async () => {
    const ada = await register(test);
    const socket = await Socket.open(test, { token: shortToken(ada) });
    await socket.take('ready');
    expect((await socket.closed).code).toBe(4410);
  });

  it('goes on with a new token of the same user', async () => {
    const ada = await register(test);
    const token = shortToken(ada);
    const [renewed, other] = [await Socket.open(test, { token }), await Socket.open(test, { token })];
    await renewed.take('ready');
    const answer = await renewed.ask({ type: 'authenticate', token: ada.token });
    expect(Date.parse(answer.data.expires_at)).toBe((await test.app.identify(ada.token))?.expiresAt);
    await other.closed;
    expect(await renewed.ask({ type: 'ping' })).toMatchObject({ type: 'pong' });
  });

  it.each([
    ['of somebody else', async () => (await register(test)).token],
    ['that is not valid', () => Promise.resolve('a.b.c')],
  ])('ends at a token %s', async (_whose, token) => {
    const socket = await Socket.of(await register(test));
    socket.send({ type: 'authenticate', token: await token() });
    expect((await socket.closed).code).toBe(4401);
  });
});

describe('a frame', () => {
  it.each([
    ['no JSON', '{"type":"ping"'],
    ['a text', '"ping"'],
    ['null', 'null'],
    ['an array', '[{"type":"ping"}]'],
    ['no type', '{"ref":"1"}'],
    ['a number for a type', '{"type":1}'],
    ['binary', Buffer.from('{"type":"ping"}')],
  ])('that is %s ends the session', async (_what, data) => {
    const socket = await Socket.of(await register(test));
    socket.sendRaw(data);
    expect((await socket.closed).code).toBe(4400);
  });

  it('may have 256 KiB and no more', async () => {
    const socket = await Socket.of(await register(test));
    const frame = (bytes: number) => `{"type":"${'x'.repeat(bytes - '{"type":""}'.length)}"}`;
    socket.sendRaw(frame(256 * 1024));
    expect(await socket.take('error')).toMatchObject({ status_code: 422 });
    socket.sendRaw(frame(256 * 1024 + 1));
    expect((await socket.closed).code).toBe(1009);
  });

  it.each([
    ['a type that there is not', { type: 'dance' }, 'type'],
    ['a type of the prototype', { type: 'constructor' }, 'type'],
    ['a field too many', { type: 'ping', extra: 1 }, 'extra'],
    ['a field that is missing', { type: 'read', chat_id: 1 }, 'message_id'],
    ['a text for a number', { type: 'typing', chat_id: '1' }, 'chat_id'],
    ['a wrong sync', { type: 'sync', epoch: null, chats: { 0: 1 } }, 'chats'],
  ])('with %s is answered with an error', async (_what, frame, field) => {
    const socket = await Socket.of(await register(test));
    expect(await socket.ask(frame)).toEqual({
      type: 'error',
      ref: expect.any(String),
      status_code: 422,
      details: {
        code: 'VALIDATION_ERROR',
        message: expect.any(String),
        request_id: expect.any(String),
        errors: { [field]: expect.any(String) },
      },
    });
    expect(await socket.ask({ type: 'ping' })).toMatchObject({ type: 'pong' });
  });

  it.each([[5], [''], ['x'.repeat(65)], [null]])('with %j for a ref is answered with an error', async (ref) => {
    const socket = await Socket.of(await register(test));
    socket.send({ type: 'ping', ref });
    expect(await socket.take('error')).toMatchObject({ details: { errors: { ref: expect.any(String) } } });
  });

  it('may come without a ref, and is then answered without one', async () => {
    const socket = await Socket.of(await register(test));
    socket.send({ type: 'ping' });
    expect(await socket.take('pong')).toEqual({ type: 'pong' });
  });

  it('is answered after earlier frames', async () => {
    const [ada, bob] = [await register(test), await register(test)];
    const chatId = await ada.openPrivate(bob);
    const socket = await Socket.of(ada);
    const frames = Array.from({ length: 40 }, (_, index) => {
      const ref = String(index);
      if (index % 4 === 0) return { type: 'send', ref, chat_id: chatId, contents: ref, client_id: ref };
      if (index % 4 === 1) return { type: 'ping', ref };
      if (index % 4 === 2) return { type: 'sync', ref, epoch: null, chats: {} };
      return { type: 'dance', ref };
    });
    for (const frame of frames) socket.send(frame);
    const answers: (string | undefined)[] = [];
    for (const { type } of frames) answers.push((await socket.take(type === 'dance' ? 'error' : answerOf(type))).ref);
    expect(answers).toEqual(frames.map(({ ref }) => ref));
    const order = (await socket.rest()).map(({ pts }) => pts);
    expect(order).toEqual(Array.from({ length: 10 }, (_, index) => index + 2));
  });

  const answerOf = (type: string) => (type === 'ping' ? 'pong' : `${type}.done`);

  it('too many of a client ends its session', async () => {
    const socket = await Socket.of(await register(test));
    for (let count = 0; count < 3000; count++) socket.send({ type: 'ping' });
    expect((await socket.closed).code).toBe(4429);
  });
});

describe('GET /ws', () => {
  it('is for sockets', async () => {
    expectError(await call(test, 'GET', '/ws'), 426, 'UPGRADE_REQUIRED');
  });

  it('refuses an upgrade to something else', async () => {
    const upgrade = request(`${urlOf(test, 'http')}/ws`, { headers: { connection: 'upgrade', upgrade: 'h2c' } }).end();
    const [response] = await once(upgrade, 'response');
    expect([400, 426]).toContain(response.statusCode);
  });

  it('has room for so many sockets and streams', async () => {
    const { token } = await register(test);
    const small = await test.another({ maxSockets: 1 });
    await listen(small);
    const socket = await Socket.open(small, { token });
    await expect(Socket.open(small, { token })).rejects.toThrow('503');
    expectError(await call(small, 'GET', '/events', { token }), 503, 'SERVICE_UNAVAILABLE');
    socket.webSocket.close();
    await socket.closed;
    // The server may hear of it a moment later.
    await expect
      .poll(() => Socket.open(small, { token }).then(({ webSocket }) => webSocket.readyState))
      .toBe(WebSocket.OPEN);
  });
});
