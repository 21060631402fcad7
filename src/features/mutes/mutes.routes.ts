import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { notAuthorized, validationError } from '../../shared/errors.js';
import { Answer, BODY_ERRORS, Id, Ref, bearer, errorAnswers } from '../../shared/schema.js';
import { SUCCESS, Success } from '../../shared/success.js';
import type { Services } from '../feature.js';
import { userNotFound } from '../users/index.js';
import { muteYourself, tooManyMutes } from './mutes.errors.js';
import { MuteList, MuteListQuery, MuteUser } from './mutes.schemas.js';
import { getMutes, muteUser, unmuteUser } from './mutes.service.js';

const MuteParams = Type.Object({ user_id: Id('The other user.', { examples: [7] }) });

const YOURSELF = [muteYourself, { errors: { user_id: 'This is your own id.' } }] as const;

export const muteRoutes: FastifyPluginCallbackTypebox<Services> = (app, services, done) => {
  app.get(
    '/user/mutes',
    {
      config: { narrowed: { rights: 'read', chats: 'all' } },
      schema: {
        operationId: 'getMutes',
        tags: ['Users'],
        summary: 'Whom have I muted?',
        description: 'The people whom the user has muted, the newest first, without mutes that have ended.',
        security: bearer,
        querystring: MuteListQuery,
        response: {
          200: Answer(MuteList, 'The page. An empty one is past the end.'),
          ...errorAnswers(notAuthorized, [validationError, { errors: { limit: 'must be <= 500' } }]),
        },
      },
    },
    (request) => getMutes(services, request.userId, request.query),
  );

  app.put(
    '/user/mutes/:user_id',
    {
      schema: {
        operationId: 'muteUser',
        tags: ['Users'],
        summary: 'Mute a user',
        description:
          'Clients tell of none of their messages, in no chat, also where they name the user. The messages come, are shown and are ' +
          'unread as before. Nothing tells the other. All devices of the user are told (`mute.updated`). Another `until` takes the ' +
          'place of the one before. At most 10000 people.',
        security: bearer,
        params: MuteParams,
        body: Ref(MuteUser),
        response: {
          200: Answer(Success, 'The other is muted.'),
          ...errorAnswers(
            notAuthorized,
            YOURSELF,
            userNotFound,
            tooManyMutes,
            [validationError, { errors: { until: 'must be a time to come' } }],
            ...BODY_ERRORS,
          ),
        },
      },
    },
    async ({ userId, params, body }) => {
      await muteUser(services, userId, params.user_id, body);
      return SUCCESS;
    },
  );

  app.delete(
    '/user/mutes/:user_id',
    {
      schema: {
        operationId: 'unmuteUser',
        tags: ['Users'],
        summary: 'Take a mute back',
        security: bearer,
        params: MuteParams,
        response: {
          200: Answer(Success, 'The user does not mute the other.'),
          ...errorAnswers(notAuthorized, YOURSELF, userNotFound, [
            validationError,
            { errors: { user_id: 'must be integer' } },
          ]),
        },
      },
    },
    async ({ userId, params }) => {
      await unmuteUser(services, userId, params.user_id);
      return SUCCESS;
    },
  );
  done();
};
