import type { FastifyPluginCallback } from 'fastify';
import fp from 'fastify-plugin';
import { requestSeconds } from '../shared/metrics.js';

/** Measures each request. A URL that no route has counts for the route "none", so that nobody can make up labels. */
const plugin: FastifyPluginCallback = (app, _options, done) => {
  app.addHook('onResponse', (request, reply, next) => {
    const { url: route = 'none' } = request.routeOptions;
    requestSeconds.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
    next();
  });
  done();
};

export const requestMetrics = fp(plugin, { name: 'request-metrics' });
