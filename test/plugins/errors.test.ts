import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { useApp } from '../support/app.js';
import { call, expectError, register } from '../support/client.js';

const test = useApp();

const JSON_TYPE = { 'content-type': 'application/json' };

describe('what no route takes', () => {
  it.each([
    '/',
    '/nothing',
    '/user',
    '/user/me/',
    '/chat',
    '/chat/1/nothing',
    '/docs/nothing',
    '/docs/static/nothing.js',
  ])('answers 404 at %s', async (url) => {
    expectError(await call(test, 'GET', url), 404, 'NOT_FOUND');
  });

  it.each([
    ['PUT', '/user/me', 'GET, HEAD, PATCH, DELETE'],
    ['GET', '/register', 'POST'],
    ['DELETE', '/chat/1', 'GET, HEAD, PATCH'],
    ['POST', '/message/1', 'GET, HEAD, PATCH, DELETE'],
    ['PATCH', '/chat/1/messages?limit=5', 'GET, HEAD'],
    ['GET', '/chat/1/participants/1', 'DELETE, PATCH'],
    ['POST', '/ws', 'GET'],
  ] as const)('answers 405 to %s %s', async (method, url, allow) => {
    const answer = await call(test, method, url);
    expectError(answer, 405, 'METHOD_NOT_ALLOWED');
    expect(answer.headers.allow).toBe(allow);
  });
});

describe('a body', () => {
  const post = (payload: string | Buffer | undefined, headers: Record<string, string> = JSON_TYPE) =>
    call(test, 'POST', '/login', { body: payload, headers });

  it.each([
    ['text/plain', 'hello'],
    ['application/xml', '<a/>'],
    ['application/x-www-form-urlencoded', 'a=b'],
    ['nonsense', '{}'],
  ])('of type %s is refused', async (type, payload) => {
    expectError(await post(payload, { 'content-type': type }), 415, 'UNSUPPORTED_MEDIA_TYPE');
  });

  it.each([
    ['{"usernameOrEmail":', 'request'],
    ['not json', 'request'],
    ['{"__proto__":{"admin":true}}', 'request'],
    ['{"constructor":{"prototype":{}}}', 'request'],
    ['', 'body'],
    ['null', 'body'],
    ['[]', 'body'],
    ['"text"', 'body'],
    ['5', 'body'],
    ['\ufeff{}', 'usernameOrEmail'],
    ['{"usernameOrEmail":"a","password":"b","toString":1}', 'toString'],
    ['{"usernameOrEmail":"a","password":"b","constructor":1}', 'constructor'],
    [Buffer.from([0xff, 0xfe, 0x00]), 'request'],
  ])('that is %j is refused', async (payload, field) => {
    expectError(await post(payload), 422, 'VALIDATION_ERROR', { errors: { [field]: expect.any(String) } });
  });

  it('that is missing is refused', async () => {
    expectError(await post(undefined, {}), 422, 'VALIDATION_ERROR', { errors: { body: expect.any(String) } });
  });

  it('over 1 MiB is refused', async () => {
    expectError(await post(`"${'a'.repeat(1024 * 1024)}"`), 413, 'PAYLOAD_TOO_LARGE');
  });

  it('may be announced and not be there where none is needed', async () => {
    const [ada, bob] = [await register(test), await register(test)];
    const message = await ada.send(await ada.openPrivate(bob), 'x');
    const answer = await call(test, 'DELETE', `/message/${message.id}`, { token: ada.token, headers: JSON_TYPE });
    expect(answer.status).toBe(200);
  });
});

describe('an address that is no address', () => {
  it.each(['/chat/%zz', '/chat/%c3%28'])('answers 422 at %s', async (url) => {
    const { token } = await register(test);
    const { status, body } = await call(test, 'GET', url, { token });
    expect(status).toBe(422);
    expect(body.details.code).toBe('VALIDATION_ERROR');
  });

  it('that is very long is not an error of the server', async () => {
    const { token } = await register(test);
    const { status } = await call(test, 'GET', `/chat/${'1'.repeat(5000)}`, { token });
    expect([404, 414, 422]).toContain(status);
  });
});

describe('a broken HTTP request', () => {
  it.each([
    ['nonsense', 'NONSENSE\r\n\r\n', 400, 'BAD_REQUEST'],
    ['endless headers', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(70_000)}\r\n\r\n`, 431, 'HEADERS_TOO_LARGE'],
  ])('of %s is answered in the envelope', async (_what, bytes, status, code) => {
    await test.app.listen({ port: 0 }).catch(() => undefined);
    const { port } = test.app.server.address() as AddressInfo;
    const socket = connect(port, '127.0.0.1');
    socket.write(bytes);
    let answer = '';
    for await (const chunk of socket) answer += String(chunk);
    expect(answer).toContain(`HTTP/1.1 ${status} `);
    const body = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n'))) as unknown;
    expect(body).toMatchObject({ status_code: status, details: { code } });
  });
});

describe('every answer', () => {
  it('has the security headers', async () => {
    for (const url of ['/user/me', '/nothing', '/health/live']) {
      const { headers } = await call(test, 'GET', url);
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'SAMEORIGIN',
        'content-security-policy': "default-src 'none';frame-ancestors 'none'",
        'referrer-policy': 'no-referrer',
      });
      expect(headers).not.toHaveProperty('access-control-allow-origin');
      expect(headers).not.toHaveProperty('x-powered-by');
    }
  });
});
