import { describe, expect, it } from 'vitest';
import { register } from '../support/client.js';
import { listen, Socket, useServer } from '../support/socket.js';

const test = useServer();

describe('a connection on which nobody has authenticated', () => {
  it('waits five seconds for somebody to authenticate', async () => {
    const socket = await Socket.open(test);
    expect((await socket.closed).code).toBe(4408);
  });

  it('makes room for newer connections while nobody has authenticated on it', async () => {
    const { token } = await register(test);
    const other = await test.another({ maxSockets: 100 });
    await listen(other);
    const silent: Socket[] = [];
    for (let count = 0; count < 49; count++) silent.push(await Socket.open(other));
    // Who authenticates is in, however many do not.
    const browser = await Socket.open(other);
    expect(await browser.ask({ type: 'authenticate', token })).toMatchObject({ type: 'ready' });
    for (let count = 0; count < 3; count++) await Socket.open(other).catch(() => undefined);
    expect((await silent[0]!.closed).code).toBe(4408);
    expect(await browser.ask({ type: 'ping' })).toMatchObject({ type: 'pong' });
  });
});

describe('a server that closes', () => {
  it('says so', async () => {
    const { token } = await register(test);
    const other = await test.another({});
    await listen(other);
    const [ready, waiting] = [await Socket.open(other, { token }), await Socket.open(other)];
    await ready.take('ready');
    await other.app.close();
    for (const socket of [ready, waiting]) expect((await socket.closed).code).toBe(1001);
  });

  it('does not wait for clients that do not answer', async () => {
    const { token } = await register(test);
    const other = await test.another({});
    await listen(other);
    const socket = await Socket.open(other, { token });
    await socket.take('ready');
    socket.webSocket.pause();
    await other.app.close();
    socket.webSocket.resume();
    expect([1001, 1006]).toContain((await socket.closed).code);
  });

  it('takes nobody who comes back at once', async () => {
    const { token } = await register(test);
    const other = await test.another({});
    await listen(other);
    const [slow, quick] = [await Socket.open(other, { token }), await Socket.open(other, { token })];
    await Promise.all([slow.take('ready'), quick.take('ready')]);
    // For as long as it does not answer, the server is closing.
    slow.webSocket.pause();
    const closing = other.app.close();
    await quick.closed;
    const outcome = await Socket.open(other, { token }).then(
      async (again) => {
        const served = await again.take('ready').then(
          () => 'served',
          () => 'refused',
        );
        again.webSocket.terminate();
        return served;
      },
      () => 'refused',
    );
    await closing;
    expect(outcome).toBe('refused');
  });
});
