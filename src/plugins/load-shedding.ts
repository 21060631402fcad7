import type { FastifyPluginCallback } from 'fastify';
import fp from 'fastify-plugin';
import { serviceUnavailable } from '../shared/errors.js';

interface LoadSheddingOptions {
  /** How many requests may be under way at once. */
  readonly maxConcurrent: number;
}

/** Made once: it is said most often when there is least time. */
const TOO_MANY = serviceUnavailable({ retryAfterSeconds: 1 });

/**
 * Refuses requests at once while too many are under way: who would be answered much too late is told now, at little cost,
 * and the others are answered soon.
 */
const plugin: FastifyPluginCallback<LoadSheddingOptions> = (app, { maxConcurrent }, done) => {
  let underWay = 0;

  app.addHook('onRequest', (_request, _reply, next) => {
    next(underWay >= maxConcurrent ? TOO_MANY : undefined);
  });

  // Only from when its body is there: a client that sends slowly must not take the place of others.
  app.addHook('preHandler', (_request, reply, next) => {
    underWay++;
    reply.raw.once('close', () => {
      underWay--;
    });
    next();
  });
  done();
};

export const loadShedding = fp(plugin, { name: 'load-shedding' });
