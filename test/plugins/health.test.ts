import { expect, it } from 'vitest';
import { useApp } from '../support/app.js';
import { call, expectError } from '../support/client.js';

const test = useApp();

it('is alive and ready', async () => {
  for (const url of ['/health/live', '/health/ready']) {
    expect(await call(test, 'GET', url)).toMatchObject({ status: 200, body: { status: 'ok' } });
  }
});

it('is alive and not ready while it drains', async () => {
  test.app.drain();
  const answer = await call(test, 'GET', '/health/ready');
  expectError(answer, 503, 'SERVICE_UNAVAILABLE');
  expect(answer.headers['retry-after']).toBe('1');
  expect((await call(test, 'GET', '/health/live')).status).toBe(200);
});
