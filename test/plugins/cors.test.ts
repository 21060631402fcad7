import { expect, it } from 'vitest';
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
