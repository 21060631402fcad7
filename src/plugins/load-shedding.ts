import type { FastifyPluginCallback, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { Counts } from '../shared/counts.js';
import { serviceUnavailable, tooManyRequests } from '../shared/errors.js';
import type { Owner } from '../shared/round-robin.js';
import { ownerOf } from './client-network.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Not there unless it counts. */
    underWay: UnderWay | undefined;
    /** From now on it waits for work that is done for many at once, and bounded there: it takes nobody's place. */
    leaveWork(): void;
  }
}

interface LoadSheddingOptions {
  /** How many requests may be under way at once. */
  readonly maxConcurrent: number;
}

/** However few requests may be under way, a user may have so many of them. */
const MIN_SHARE = 50;

/** Made once: they are sent most often when there is least time. */
const TOO_MANY = serviceUnavailable({ retryAfterSeconds: 1 });
const TOO_MANY_OF_USER = tooManyRequests({ retryAfterSeconds: 1 });

interface UnderWay {
  /** Its body is there, and its work goes on. */
  isWorking: boolean;
  /** The answer has been made. */
  isAnswered: boolean;
  /** The answer has left, or the connection is closed. */
  isGone: boolean;
}

/**
 * Refuses requests at once while too many are under way: a late answer is worth less than an early refusal. One user may
 * have half of them under way, so that there is room for others. A request is under way until its answer has left, for all users together only
 * while it has work of its own.
 */
const plugin: FastifyPluginCallback<LoadSheddingOptions> = (app, { maxConcurrent }, done) => {
  const share = Math.max(MIN_SHARE, Math.ceil(maxConcurrent / 2));
  const countOf = new Counts<Owner>();
  let working = 0;
  app.decorateRequest('underWay', undefined);

  const endWork = (state: UnderWay): void => {
    if (state.isWorking) working--;
    state.isWorking = false;
  };

  app.decorateRequest('leaveWork', function () {
    if (this.underWay) endWork(this.underWay);
  });

  const settle = (request: FastifyRequest, state: UnderWay): void => {
    // The work goes on when a client has gone.
    if (!state.isAnswered || !state.isGone || request.underWay === undefined) return;
    request.underWay = undefined;
    endWork(state);
    countOf.remove(ownerOf(request));
  };

  app.addHook('onRequest', (request, reply, next) => {
    if (working >= maxConcurrent || countOf.of(ownerOf(request)) >= share) {
      next(working >= maxConcurrent ? TOO_MANY : TOO_MANY_OF_USER);
      return;
    }
    const state: UnderWay = { isWorking: false, isAnswered: false, isGone: false };
    countOf.add(ownerOf(request));
    request.underWay = state;
    reply.raw.once('close', () => {
      state.isGone = true;
      settle(request, state);
    });
    next();
  });

  // It counts for all users only once its body has arrived: a client that sends slowly must not take the place of others.
  app.addHook('preHandler', (request, _reply, next) => {
    if (working >= maxConcurrent) {
      next(TOO_MANY);
      return;
    }
    const state = request.underWay;
    if (state?.isWorking === false) {
      state.isWorking = true;
      working++;
    }
    next();
  });

  // A refusal may come late, but its work is done.
  app.addHook('onError', (request, _reply, _error, next) => {
    const state = request.underWay;
    if (state) endWork(state);
    next();
  });

  app.addHook('onSend', (request, reply, _payload, next) => {
    const state = request.underWay;
    if (state) {
      state.isAnswered = true;
      if (reply.raw.closed) state.isGone = true;
      settle(request, state);
    }
    next();
  });
  done();
};

export const loadShedding = fp(plugin, { name: 'load-shedding', dependencies: ['authentication'] });
