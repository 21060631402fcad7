import fp from 'fastify-plugin';
import { ownerOf } from './client-network.js';

/** A load balancer asks these, and is never to be told that it asks too often. */
const PROBES = '/health/';

/** Counts each request for its user, or for its client's network where there is no valid token. */
export const requestLimit = fp(
  (app, _options, done) => {
    app.addHook('onRequest', async (request) => {
      if (request.url.startsWith(PROBES)) return;
      await app.rateLimits.requests.consume(ownerOf(request));
    });
    done();
  },
  { name: 'request-limit', dependencies: ['rate-limits', 'authentication', 'client-network'] },
);
