import fp from 'fastify-plugin';
import { RoundRobin } from '../shared/round-robin.js';

/** How many requests begin in one round of the event loop, some milliseconds of work: twice as many at the most. */
const PER_ROUND = 32;

/**
 * While more requests come than the process can begin, networks take turns: a network that asks as fast as it can, even
 * only to be refused, holds up nobody else.
 */
export const requestTurns = fp(
  (app, _options, done) => {
    const waiting = new RoundRobin<() => void>();
    let begun = 0;

    const beginRound = (): void => {
      const next = waiting.takeMany(PER_ROUND);
      begun = next.length;
      // The next round comes after what has arrived from the network and the database meanwhile.
      if (begun > 0) setImmediate(beginRound);
      for (const begin of next) begin();
    };

    app.addHook('onRequest', (request, _reply, next) => {
      if (begun >= PER_ROUND) {
        waiting.add(request.network, next);
        return;
      }
      if (begun === 0) setImmediate(beginRound);
      begun++;
      next();
    });
    done();
  },
  { name: 'request-turns', dependencies: ['client-network'] },
);
