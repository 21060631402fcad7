import { Type } from '@sinclair/typebox';
import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import fp from 'fastify-plugin';
import type { Database } from '../database/index.js';
import { serviceUnavailable } from '../shared/errors.js';
import { Answer, errorAnswers } from '../shared/schema.js';

declare module 'fastify' {
  interface FastifyInstance {
    /** From now on /health/ready says 503, so that a load balancer sends no new requests. */
    drain(): void;
  }
}

const Health = Type.Object(
  { status: Type.String({ description: 'Always `ok`.' }) },
  { $id: 'Health', description: 'All is well.', examples: [{ status: 'ok' }] },
);

interface HealthOptions {
  readonly db: Database;
}

const plugin: FastifyPluginCallbackTypebox<HealthOptions> = (app, { db }, done) => {
  let draining = false;
  app.decorate('drain', () => {
    draining = true;
  });
  app.addSchema(Health);

  app.get(
    '/health/live',
    {
      schema: {
        operationId: 'getLiveness',
        tags: ['Health'],
        summary: 'Is the process alive?',
        description: 'Answers as long as the process can answer at all. Restart it when this does not.',
        security: [],
        response: { 200: Answer(Health, 'It is alive.'), ...errorAnswers() },
      },
    },
    () => ({ status: 'ok' }),
  );

  app.get(
    '/health/ready',
    {
      schema: {
        operationId: 'getReadiness',
        tags: ['Health'],
        summary: 'Can it take requests?',
        description: 'Says 503 while the database is away or the server is closing. Send it no requests then.',
        security: [],
        response: { 200: Answer(Health, 'It takes requests.'), ...errorAnswers() },
      },
    },
    async () => {
      if (draining) throw serviceUnavailable({ retryAfterSeconds: 1 });
      await db.$queryRaw`select 1`;
      return { status: 'ok' };
    },
  );
  done();
};

export const health = fp(plugin, { name: 'health', dependencies: ['errors'] });
