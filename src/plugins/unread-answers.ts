import type { FastifyPluginCallback, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { Counts } from '../shared/counts.js';
import { tooManyRequests } from '../shared/errors.js';
import { FairQueue } from '../shared/fair-queue.js';
import type { Owner } from '../shared/round-robin.js';
import { ownerOf } from './client-network.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set while its answer is in the making. */
    endMaking: (() => void) | undefined;
  }
}

/** The largest answer has about as much. */
const LARGE_BYTES = 1024 * 1024;
/** How much may wait to be read by one user, or one address without a user, beside a single answer. */
const MAX_BYTES_OF_OWNER = 8 * LARGE_BYTES;
/** Beyond this, who has anything waiting gets no more. */
const MAX_BYTES = 96 * LARGE_BYTES;
/**
 * How many answers of one owner may be in the making. The others begin when it is known how much those have left unread.
 */
const IN_THE_MAKING = { name: 'answers', concurrency: Infinity, perOwner: 32, waitingPerOwner: 500, waiting: 5000 };
/** Smaller answers are not worth refusing: an error is hardly smaller. */
const SMALL_BYTES = 4096;

const READ_FIRST = tooManyRequests({ retryAfterSeconds: 1 });

/**
 * Bounds the memory of answers that clients have asked for and do not read. A request is refused before its work begins
 * while too much waits for its owner. The answer of one that only reads is dropped when too much waits once it is made.
 */
const plugin: FastifyPluginCallback = (app, _options, done) => {
  const bytesOf = new Counts<Owner>();

  const isTooMuch = (owner: Owner, size: number): boolean => {
    const waiting = bytesOf.of(owner);
    return waiting > 0 && (waiting + size > MAX_BYTES_OF_OWNER || bytesOf.total + size > MAX_BYTES);
  };

  const count = (owner: Owner, size: number, { raw }: FastifyReply): void => {
    bytesOf.add(owner, size);
    raw.once('close', () => {
      bytesOf.remove(owner, size);
    });
  };

  const making = new FairQueue(IN_THE_MAKING);
  app.decorateRequest('endMaking', undefined);
  const endMaking = (request: FastifyRequest): void => {
    request.endMaking?.();
    request.endMaking = undefined;
  };

  app.addHook('preHandler', async (request, reply) => {
    const owner = ownerOf(request);
    // Writes have small answers, and sockets have none. A missing file comes here twice.
    if (request.method === 'GET' && !request.ws && !request.endMaking) {
      request.endMaking = await making.enter(owner);
      reply.raw.once('close', () => {
        endMaking(request);
      });
    }
    if (isTooMuch(owner, LARGE_BYTES)) throw READ_FIRST;
  });

  app.addHook('onSend', (request: FastifyRequest, reply, payload, next) => {
    endMaking(request);
    // A stream waits for its reader by itself.
    if (typeof payload !== 'string' || payload.length < SMALL_BYTES || reply.raw.closed) {
      next();
      return;
    }
    const owner = ownerOf(request);
    const size = Buffer.byteLength(payload);
    if (request.method === 'GET' && isTooMuch(owner, size)) {
      next(READ_FIRST);
      return;
    }
    count(owner, size, reply);
    // Text beyond ASCII is encoded once here: the socket would take longer, and its length is asked for twice more.
    next(null, size === payload.length ? payload : Buffer.from(payload));
  });
  done();
};

export const unreadAnswers = fp(plugin, { name: 'unread-answers', dependencies: ['authentication'] });
