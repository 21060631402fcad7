import { expect, it } from 'vitest';
import { loadConfig } from '../../src/config/index.js';
import { useApp } from '../support/app.js';
import { call } from '../support/client.js';

const listed = useApp({ corsOrigins: ['https://app.example.com'] });

const preflight = (origin: string) => ({ origin, 'access-control-request-method': 'PATCH' });

it('lets the pages of a listed origin call, and no others', async () => {
  const mine = await call(listed, 'GET', '/health/live', { headers: { origin: 'https://app.example.com' } });
  expect(mine.headers['access-control-allow-origin']).toBe('https://app.example.com');
  const other = await call(listed, 'GET', '/health/live', { headers: { origin: 'https://evil.example.com' } });
  expect(other.headers).not.toHaveProperty('access-control-allow-origin');
});

it('answers the question that a browser asks before', async () => {
  const response = await listed.app.inject({
    method: 'OPTIONS',
    url: '/user/bio',
    headers: preflight('https://app.example.com'),
  });
  expect(response.statusCode).toBe(204);
  expect(response.headers['access-control-allow-methods']).toContain('PATCH');
  expect(response.headers['access-control-allow-methods']).toContain('DELETE');
});

it('has the envelope of every other answer', async () => {
  const response = await listed.app.inject({ method: 'OPTIONS', url: '/nothing' });
  expect(response.statusCode).toBe(204);
  const answer = await call(listed, 'GET', '/nothing', { headers: { origin: 'https://app.example.com' } });
  expect(answer).toMatchObject({ status: 404, body: { details: { code: 'NOT_FOUND' } } });
});

it('lets every page call with *', async () => {
  const open = await listed.another({ corsOrigins: true });
  const { headers } = await call(open, 'GET', '/health/live', { headers: { origin: 'https://any.example.com' } });
  expect(headers['access-control-allow-origin']).toBe('https://any.example.com');
});

it('lets the pages of all subdomains call with a wildcard, and none that only look like them', async () => {
  const { corsOrigins } = loadConfig({
    JWT_SECRET: 'a secret that is long enough for HS256',
    CORS_ORIGINS: 'https://*.Example.com, http://*.test.example.org:8080, http://*.localhost',
  });
  const app = await listed.another({ corsOrigins });
  const isAllowed = async (origin: string) => {
    const { headers } = await call(app, 'GET', '/health/live', { headers: { origin } });
    return headers['access-control-allow-origin'] === origin;
  };
  for (const origin of [
    'https://app.example.com',
    'https://a.b-c.example.com',
    'https://xn--mller-kva.example.com',
    'http://a.test.example.org:8080',
    'http://app.localhost',
  ]) {
    expect(await isAllowed(origin), origin).toBe(true);
  }
  for (const origin of [
    'https://example.com',
    'https://evil-example.com',
    'https://evilexample.com',
    'https://.example.com',
    'https://example.com.evil.org',
    'https://app.example.com.evil.org',
    'https://app.example.comevil.org',
    'https://app-example.com',
    'https://appXexample.com',
    'https://evil.org/.example.com',
    'https://evil.org#.example.com',
    'https://evil.org:443.example.com',
    'https://ada@app.example.com',
    'https://app.example.com:8443',
    'https://app.example.com/',
    'http://app.example.com',
    'http://a.test.example.org',
    'http://a.test.example.org:80800',
    'http://evil.org\n.localhost',
    'null',
    '',
  ]) {
    expect(await isAllowed(origin), origin).toBe(false);
  }
});
