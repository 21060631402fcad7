import { describe, expect, it } from 'vitest';
import { call, expectError, uniqueName } from '../../support/client.js';
import { Socket, useServer } from '../../support/socket.js';

const test = useServer({ development: true });

const me = (token: string, headers: Record<string, string> = {}) => call(test, 'GET', '/user/me', { token, headers });

describe('dev:<external id>', () => {
  it('is a token of that user, who is made at first sight', async () => {
    const id = `Größe ${uniqueName()}`;
    const { status, body } = await me(`dev:${encodeURIComponent(id)}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ external_id: id, email: '' });
    expect((await me(`dev:${encodeURIComponent(id)}`)).body.id).toBe(body.id);
  });

  it('opens a socket, by the header and by the first frame', async () => {
    const token = `dev:${uniqueName()}`;
    const { id } = (await me(token)).body;
    expect((await (await Socket.open(test, { token })).take('ready')).data.user_id).toBe(id);
    const socket = await Socket.open(test);
    expect(await socket.ask({ type: 'authenticate', token })).toMatchObject({ type: 'ready', data: { user_id: id } });
  });

  it.each([
    { forwarded: 'for=192.0.2.1' },
    { 'x-forwarded-for': '192.0.2.1' },
    { 'x-forwarded-proto': 'https' },
    { 'x-real-ip': '192.0.2.1' },
    { via: '1.1 proxy' },
    { host: 'example.com' },
    { host: 'localhost.example.com' },
    { host: '127.0.0.1.example.com' },
    { host: '192.168.0.5:8000' },
  ] as Record<string, string>[])('is nobody when the client may be elsewhere: %j', async (headers) => {
    expectError(await me(`dev:${uniqueName()}`, headers), 401, 'NOT_AUTHORIZED');
    if ('host' in headers) return;
    const socket = await Socket.open(test, { headers });
    socket.send({ type: 'authenticate', token: `dev:${uniqueName()}` });
    expect((await socket.closed).code).toBe(4401);
  });

  it.each([{ host: 'localhost:8000' }, { host: 'app.localhost' }, { host: '[::1]:8000' }, { host: '127.0.0.1' }])(
    'is good at %j',
    async (headers) => {
      expect((await me(`dev:${uniqueName()}`, headers)).status).toBe(200);
    },
  );

  it.each(['dev:', 'dev:%00', `dev:${'x'.repeat(256)}`])('is nobody as %j', async (token) => {
    expectError(await me(token), 401, 'NOT_AUTHORIZED');
  });

  it('is nobody where DEVELOPMENT is off', async () => {
    const other = await test.another({});
    expectError(await call(other, 'GET', '/user/me', { token: `dev:${uniqueName()}` }), 401, 'NOT_AUTHORIZED');
  });
});
