import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { actorOf } from '../../audit/index.js';
import { notAuthorized, tooManyRequests, validationError } from '../../shared/errors.js';
import { Answer, BODY_ERRORS, Ref, apiKey, bearer, errorAnswers } from '../../shared/schema.js';
import { runWhileOpen } from '../../shared/run-while-open.js';
import { SUCCESS, Success } from '../../shared/success.js';
import { lastAdmin } from '../admin/index.js';
import { KEY_ERRORS, requireScope } from '../api-keys/index.js';
import { requirePassword, wrongCredentials } from '../auth/index.js';
import type { Services } from '../feature.js';
import { findUserId, isAdmin, userNotFound } from '../users/index.js';
import { erasureJob } from './erasure-job.js';
import { EraseMe, ErasedUserParams, ErasureQuery } from './leaving.schemas.js';
import { erase } from './leaving.service.js';

const WHAT_HAPPENS =
  'The profile is blanked at once, username, e-mail address and id in the host application are free again, and all tokens and ' +
  'sessions end on all nodes within a second. The server then leaves all groups for the user, each of which gets another owner if ' +
  'it needs one, and does what `messages` says, in the background. Private chats stay for the other person, who can write ' +
  'there no more. It cannot be taken back.';

export const leavingRoutes: FastifyPluginCallbackTypebox<Services> = (app, services, done) => {
  runWhileOpen(app, erasureJob(services));

  app.delete(
    '/user/me',
    {
      schema: {
        operationId: 'eraseMe',
        tags: ['Users'],
        summary: 'Delete my account',
        description: `${WHAT_HAPPENS} A user of the host application without a password is deleted by the host application.`,
        security: bearer,
        body: Ref(EraseMe),
        response: {
          200: Answer(Success, 'There is no such user any more.'),
          ...errorAnswers(
            notAuthorized,
            wrongCredentials,
            lastAdmin,
            [validationError, { errors: { password: 'must be string' } }],
            tooManyRequests,
            ...BODY_ERRORS,
          ),
        },
      },
    },
    async (request) => {
      const { userId, network } = request;
      const { password, messages = 'keep' } = request.body;
      await requirePassword(services, { userId, network }, password);
      await erase(services, actorOf(request), userId, messages);
      services.security.record('user_erased', { reqId: request.id, address: request.ip, account_id: userId });
      return SUCCESS;
    },
  );
  done();
};

export const serverLeavingRoutes: FastifyPluginCallbackTypebox<Services> = (app, services, done) => {
  app.delete(
    '/server/users/:user',
    {
      config: { scope: 'users:write' },
      schema: {
        operationId: 'eraseUser',
        tags: ['Server'],
        summary: 'Delete a user',
        description: `${WHAT_HAPPENS} For an admin it needs the scope \`admin\`.`,
        security: apiKey,
        params: ErasedUserParams,
        querystring: ErasureQuery,
        response: {
          200: Answer(Success, 'There is no such user any more.'),
          ...errorAnswers(...KEY_ERRORS, userNotFound, lastAdmin, [
            validationError,
            { errors: { messages: 'must be equal to one of the allowed values' } },
          ]),
        },
      },
    },
    async (request) => {
      const { params, query } = request;
      const userId = await findUserId(services.db, params.user);
      if (userId === undefined) throw userNotFound();
      if (await isAdmin(services.db, userId)) requireScope(request, 'admin');
      await erase(services, actorOf(request), userId, query.messages ?? 'keep');
      services.security.record('user_erased', { reqId: request.id, address: request.ip, account_id: userId });
      return SUCCESS;
    },
  );
  done();
};
