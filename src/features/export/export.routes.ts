import { Readable } from 'node:stream';
import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { notAuthorized, serviceUnavailable, tooManyRequests } from '../../shared/errors.js';
import { bearer, errorAnswers } from '../../shared/schema.js';
import { requireUser } from '../api-keys/index.js';
import type { Services } from '../feature.js';
import { exportOf } from './export.service.js';

/** Of all users of this process: each takes its turns at the database, and keeps a slice in memory. */
const MAX_EXPORTS = 50;
/** Who takes nothing for so long is gone. */
const IDLE_MS = 60_000;

const EXPORT = {
  description: 'Lines of JSON. Without a last line of the type `end` it is not whole.',
  content: {
    'application/x-ndjson': {
      schema: Type.String(),
      examples: {
        export: {
          value:
            '{"type":"manifest","format":1,"user_id":5,"exported_at":"2026-11-23T09:00:00.000Z"}\n' +
            '{"type":"message","chat_id":6,"data":{"id":8,"contents":"Good morning!","author_id":5}}\n' +
            '{"type":"end","counts":{"user":1,"session":0,"block":0,"chat":0,"member":0,"message":1}}\n',
        },
      },
    },
  },
};

/** Not among the routes of users: it lasts, and would take the place of requests that are over at once. */
export const exportRoutes: FastifyPluginCallbackTypebox<Services> = (app, services, done) => {
  const { revocations } = services;
  const underWay = new Set<number>();

  app.get(
    '/user/me/export',
    {
      // It would read everything for nobody.
      exposeHeadRoute: false,
      onRequest: requireUser,
      schema: {
        operationId: 'exportMe',
        // A generated client would wait for its end, and keep all of it in memory.
        'x-internal': true,
        'x-sdk-ignore': true,
        tags: ['Users'],
        summary: 'Everything about me',
        description:
          'A file of lines, each an object with `type`, `data` and, where it is about a chat, `chat_id`. `manifest` comes first; then ' +
          '`user`, `session` (ended ones included), `block`, `chat` with what it is to the user alone, `member` for each person of a ' +
          'chat, and `message` for all that the user has written. `end` with the numbers of lines is the last. Each part is as it ' +
          'is when it is read. One at a time.',
        security: bearer,
        response: { 200: EXPORT, ...errorAnswers(notAuthorized, tooManyRequests) },
      },
    },
    async (request, reply) => {
      const { userId } = request;
      // An API key that acts as a user has no token of theirs.
      const identity = request.identity ?? { userId, expiresAt: Infinity, issuedAt: Date.now() };
      if ((await services.statements.user.find(userId)) === undefined) throw notAuthorized();
      if (underWay.has(userId)) throw tooManyRequests({ retryAfterSeconds: 5 });
      if (underWay.size >= MAX_EXPORTS) throw serviceUnavailable({ retryAfterSeconds: 5 });
      underWay.add(userId);
      const isCutOff = () => revocations.refusalOf(identity) !== undefined || Date.now() > identity.expiresAt;
      const stream = Readable.from(exportOf(services, userId, isCutOff));
      const idle = setTimeout(() => stream.destroy(), IDLE_MS).unref();
      stream.on('data', () => idle.refresh());
      // Otherwise it would flow before there is somebody who takes it.
      stream.pause();
      stream.on('close', () => {
        clearTimeout(idle);
        underWay.delete(userId);
      });
      void reply.header('Content-Type', 'application/x-ndjson').header('Cache-Control', 'no-store');
      void reply.header('Content-Disposition', 'attachment; filename="export.ndjson"');
      // For a proxy: what comes is to go on at once.
      return reply.header('X-Accel-Buffering', 'no').send(stream as never);
    },
  );
  done();
};
