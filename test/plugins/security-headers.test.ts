import helmet from '@fastify/helmet';
import Fastify from 'fastify';
import { expect, it } from 'vitest';
import { HELMET_HEADERS } from '../../src/plugins/security-headers.js';
import { useApp } from '../support/app.js';
import { call } from '../support/client.js';

const test = useApp();

it('are those of helmet', async () => {
  const app = Fastify();
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
  });
  app.get('/', () => '');
  const { headers } = await app.inject('/');
  const own = ['content-type', 'content-length', 'date', 'connection'];
  expect(HELMET_HEADERS).toEqual(Object.fromEntries(Object.entries(headers).filter(([name]) => !own.includes(name))));
  await app.close();
});

it('are on every answer, which no cache keeps', async () => {
  for (const path of ['/health/live', '/user/me', '/nowhere', '/openapi.json']) {
    const { headers } = await call(test, 'GET', path);
    expect(headers, path).toMatchObject(HELMET_HEADERS);
    expect(headers['cache-control'], path).toBeDefined();
  }
});
