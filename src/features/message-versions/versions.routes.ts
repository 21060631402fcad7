import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { RIGHT_ERRORS } from '../../changes/index.js';
import { notAuthorized, validationError } from '../../shared/errors.js';
import { runWhileOpen } from '../../shared/run-while-open.js';
import { Answer, bearer, errorAnswers } from '../../shared/schema.js';
import type { Services } from '../feature.js';
import { MessageParams, askerOf, messageDoesNotExist } from '../messages/index.js';
import { MessageVersionPage, VersionPageQuery } from './versions.schemas.js';
import { getVersions, versionSweep } from './versions.service.js';

export const versionRoutes: FastifyPluginCallbackTypebox<Services> = (app, services, done) => {
  runWhileOpen(app, versionSweep(services));

  app.get(
    '/message/:message_id/versions',
    {
      config: { narrowed: { rights: 'read', chats: 'filtered' } },
      schema: {
        operationId: 'getMessageVersions',
        tags: ['Messages'],
        summary: 'Read how a message was before its edits',
        description:
          'The last 100 versions, the latest first, without the present one, as long as the operator keeps them (`EDIT_HISTORY_DAYS`, ' +
          'usually 30). For the author of the message and for those in the group who may delete it, unless the operator shows them to ' +
          'everybody who reads the message. For the next page give `next` as `cursor`.',
        security: bearer,
        params: MessageParams,
        querystring: VersionPageQuery,
        response: {
          200: Answer(MessageVersionPage, 'The page. An empty one is past the end.'),
          ...errorAnswers(notAuthorized, messageDoesNotExist, ...RIGHT_ERRORS, [
            validationError,
            { errors: { limit: 'must be <= 50' } },
          ]),
        },
      },
    },
    (request) => getVersions(services, askerOf(request), request.params.message_id, request.query),
  );
  done();
};
