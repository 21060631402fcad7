import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { notAuthorized, validationError } from '../../shared/errors.js';
import { Answer, BODY_ERRORS, Ref, bearer, errorAnswers } from '../../shared/schema.js';
import type { Services } from '../feature.js';
import { Sync, SyncRequest } from './sync.schemas.js';
import { sync } from './sync.service.js';

/** Ten thousand chats and read marks fit. */
const BODY_LIMIT_BYTES = 768 * 1024;

export const syncRoutes: FastifyPluginCallbackTypebox<Services> = (app, services, done) => {
  app.post(
    '/sync',
    {
      bodyLimit: BODY_LIMIT_BYTES,
      config: { narrowed: { rights: 'read', chats: 'filtered' } },
      schema: {
        operationId: 'sync',
        tags: ['Real time'],
        summary: 'Catch up',
        description:
          'Answers with what has changed beyond what the client has, edits and deletions included, as it is at one instant.',
        security: bearer,
        body: Ref(SyncRequest),
        response: {
          200: Answer(Sync, 'What the client does not have.'),
          ...errorAnswers(notAuthorized, [validationError, { errors: { chats: 'must be object' } }], ...BODY_ERRORS),
        },
      },
    },
    ({ userId, identity, body }) => sync(services, userId, body, identity?.narrowing?.chats),
  );
  done();
};
