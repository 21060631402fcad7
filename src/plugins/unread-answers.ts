import type { FastifyPluginCallback, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { Counts } from '../shared/counts.js';
import { tooManyRequests } from '../shared/errors.js';
import type { Owner } from '../shared/round-robin.js';
import { ownerOf } from './client-network.js';

/** The largest answer has about as much. */
const LARGE_BYTES = 1024 * 1024;
/** How much may wait to be read by one user, or one address without a user. */
const MAX_BYTES_OF_OWNER = 8 * LARGE_BYTES;
/** Beyond this, who has anything waiting gets no more. */
const MAX_BYTES = 96 * LARGE_BYTES;
/** Smaller answers are not worth refusing: an error is hardly smaller. */
const SMALL_BYTES = 4096;

const READ_FIRST = tooManyRequests({ retryAfterSeconds: 1 });

/**
 * Bounds the memory of answers that clients have asked for and do not read. A request is refused before its work begins
 * while too much waits for its owner. The answer of one that only reads is dropped when too much waits once it is made.
 */
const plugin: FastifyPluginCallback = (app, _options, done) => {
  const bytesOf = new Counts<Owner>();
  let bytes = 0;

  const isTooMuch = (owner: Owner, size: number): boolean => {
    const waiting = bytesOf.of(owner);
    return waiting + size > MAX_BYTES_OF_OWNER || (waiting > 0 && bytes + size > MAX_BYTES);
  };

  const count = (owner: Owner, size: number, { raw }: FastifyReply): void => {
    bytes += size;
    bytesOf.add(owner, size);
    raw.once('close', () => {
      bytes -= size;
      bytesOf.remove(owner, size);
    });
  };

  app.addHook('preHandler', (request, _reply, next) => {
    next(isTooMuch(ownerOf(request), LARGE_BYTES) ? READ_FIRST : undefined);
  });

  app.addHook('onSend', (request: FastifyRequest, reply, payload, next) => {
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
    next();
  });
  done();
};

export const unreadAnswers = fp(plugin, { name: 'unread-answers', dependencies: ['authentication'] });
