import helmet from '@fastify/helmet';
import Fastify from 'fastify';
import { expect, it } from 'vitest';
import { DATA_HEADERS, PAGE_HEADERS } from '../../src/plugins/security-headers.js';
import { useApp } from '../support/app.js';
import { call } from '../support/client.js';

const test = useApp();

it('of a page are those of helmet', async () => {
  const app = Fastify();
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
  });
  app.get('/', () => '');
  const { headers } = await app.inject('/');
  const own = ['content-type', 'content-length', 'date', 'connection'];
  expect(PAGE_HEADERS).toEqual(Object.fromEntries(Object.entries(headers).filter(([name]) => !own.includes(name))));
  await app.close();
});

it('are on every answer, which no cache keeps', async () => {
  for (const path of ['/health/live', '/user/me', '/nowhere', '/openapi.json']) {
    const { headers } = await call(test, 'GET', path);
    expect(headers, path).toMatchObject(DATA_HEADERS);
    expect(headers['cache-control'], path).toBeDefined();
  }
});

it('are all on the reference, which is a page', async () => {
  const { headers } = await call(test, 'GET', '/docs');
  expect(headers).toMatchObject({
    ...PAGE_HEADERS,
    'content-security-policy': expect.stringContaining("default-src 'self'"),
  });
});
