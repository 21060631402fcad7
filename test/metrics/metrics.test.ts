import { describe, expect, it } from 'vitest';
import { metrics } from '../../src/shared/metrics.js';
import { NO_LIMITS } from '../support/app.js';
import { call, expectError, registerMany, type Person } from '../support/client.js';
import { count, growth } from '../support/growth.js';
import { Socket, useServer } from '../support/socket.js';

const test = useServer();

describe('the metrics', () => {
  it('count requests by route and status, and let nobody make up a label', async () => {
    const [ada] = (await registerMany(test, 1)) as [Person];
    const name = 'messenger_http_request_duration_seconds';
    const missing = { method: 'GET', route: '/chat/:chat_id', status: 404 };
    const requests = [1, 2, 3].map((id) => () => call(test, 'GET', `/chat/${id + 1e9}`, { token: ada.token }));
    expect(await growth(() => Promise.all(requests.map((request) => request())), name, missing)).toBe(3);
    const madeUp = () => call(test, 'GET', `/made-up/${ada.username}`);
    expect(await growth(madeUp, name, { method: 'GET', route: 'none', status: 404 })).toBe(1);
    expect(await metrics.metrics()).not.toContain(ada.username);
  });

  it('measure a send from its batch to the sockets', async () => {
    const [ada, bob] = (await registerMany(test, 2)) as [Person, Person];
    const chatId = await ada.openGroup([bob]);
    const socket = await Socket.of(bob);
    const send = async () => {
      await ada.send(chatId, 'hello');
      await socket.take('message.created');
    };
    expect(await growth(send, 'messenger_commit_duration_seconds', { type: 'message.created' })).toBe(1);
    expect(await growth(send, 'messenger_batch_size', { batcher: 'sends' })).toBe(1);
    expect(await growth(send, 'messenger_delivery_duration_seconds')).toBe(1);
    expect(await growth(send, 'messenger_database_pool_wait_seconds')).toBeGreaterThan(0);
    const rename = async () => {
      await ada.patch(`/chat/${chatId}`, { name: 'another' });
      await socket.take('chat.updated');
    };
    expect(await growth(rename, 'messenger_commit_duration_seconds', { type: 'chat.updated' })).toBe(1);
  });

  it('count connections by state, frames by status, and why the server closed', async () => {
    const [ada] = (await registerMany(test, 1)) as [Person];
    const ready = { kind: 'socket', state: 'ready' };
    const connections = () => count('messenger_connections', ready);
    // The server may still be closing the sockets of the test before.
    await expect.poll(connections).toBe(0);
    const socket = await Socket.of(ada);
    expect(await connections()).toBe(1);
    const frames = 'messenger_socket_frames_total';
    const type = (id: number) => () => socket.ask({ type: 'typing', chat_id: id });
    expect(await growth(() => socket.ask({ type: 'sync', epoch: null, chats: {} }), frames, { type: 'sync' })).toBe(1);
    expect(await growth(type(1e9), frames, { type: 'typing', status: 404 })).toBe(1);
    expect(await growth(() => socket.ask({ type: 'made-up' }), frames, { type: 'invalid' })).toBe(1);
    expect(await growth(() => socket.ask({ type: 'sync', epoch: null, chats: {} }), 'messenger_sync_changes')).toBe(1);
    const malformed = async () => {
      socket.webSocket.send('[]');
      await socket.closed;
    };
    expect(await growth(malformed, 'messenger_connections_closed_total', { code: 4400 })).toBe(1);
    await expect.poll(connections).toBe(0);
  });

  it('count what a rate limit refuses', async () => {
    const [ada] = (await registerMany(test, 1)) as [Person];
    const limited = await test.another({ rateLimits: { ...NO_LIMITS, requests: 1 } });
    const ask = () => call(limited, 'GET', '/user/me', { token: ada.token });
    expect((await ask()).status).toBe(200);
    const refused = async () => {
      expectError(await ask(), 429, 'TOO_MANY_REQUESTS');
    };
    expect(await growth(refused, 'messenger_rate_limited_total', { limit: 'requests' })).toBe(1);
  });

  it('are not on the port of the API', async () => {
    expectError(await call(test, 'GET', '/metrics'), 404, 'NOT_FOUND');
  });
});
