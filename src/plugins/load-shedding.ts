import type { FastifyPluginCallback, FastifyRequest } from 'fastify';
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
  const underWay = new Set<FastifyRequest>();

  app.addHook('onRequest', (_request, _reply, next) => {
    next(underWay.size >= maxConcurrent ? TOO_MANY : undefined);
  });

  // Only from when its body is there: a client that sends slowly must not take the place of others.
  app.addHook('preHandler', (request, _reply, next) => {
    if (underWay.size >= maxConcurrent) {
      next(TOO_MANY);
      return;
    }
    underWay.add(request);
    next();
  });

  // Not when the connection is closed: the work goes on when a client has gone, and a pipelined request may never hear of it.
  app.addHook('onSend', (request, _reply, _payload, next) => {
    underWay.delete(request);
    next();
  });
  done();
};

export const loadShedding = fp(plugin, { name: 'load-shedding' });
