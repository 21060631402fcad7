import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { ChatParams, RIGHT_ERRORS, chatDoesNotExist } from '../../changes/index.js';
import { notAuthorized, validationError } from '../../shared/errors.js';
import { Answer, bearer, errorAnswers } from '../../shared/schema.js';
import { SUCCESS, Success } from '../../shared/success.js';
import { notAGroup } from '../chats/index.js';
import type { Services } from '../feature.js';
import { banned } from '../participants/index.js';
import { noJoinRequest } from './invites.errors.js';
import { JoinRequestList, JoinRequestParams, JoinRequestQuery } from './join-requests.schemas.js';
import { approve, deny, getRequests } from './join-requests.service.js';

const DECISION_ERRORS = errorAnswers(
  notAuthorized,
  chatDoesNotExist,
  notAGroup,
  ...RIGHT_ERRORS,
  banned,
  noJoinRequest,
  [validationError, { errors: { user_id: 'must be integer' } }],
);

export const joinRequestRoutes: FastifyPluginCallbackTypebox<Services> = (app, services, done) => {
  app.get(
    '/chat/:chat_id/join-requests',
    {
      config: { narrowed: { rights: 'read', chats: 'named' } },
      schema: {
        operationId: 'getJoinRequests',
        tags: ['Invitations'],
        summary: 'List who asks to join a group',
        description: 'With the right `admit`. For the next page give `next` as `cursor`.',
        security: bearer,
        params: ChatParams,
        querystring: JoinRequestQuery,
        response: {
          200: Answer(JoinRequestList, 'The page. An empty one is past the end.'),
          ...errorAnswers(notAuthorized, chatDoesNotExist, notAGroup, ...RIGHT_ERRORS, [
            validationError,
            { errors: { limit: 'must be <= 500' } },
          ]),
        },
      },
    },
    (request) => getRequests(services, request.userId, request.params.chat_id, request.query),
  );

  app.put(
    '/chat/:chat_id/join-requests/:user_id',
    {
      config: { narrowed: { rights: 'write', chats: 'named' } },
      schema: {
        operationId: 'approveJoinRequest',
        tags: ['Invitations'],
        summary: 'Let somebody into a group',
        description: 'Adds a user who has asked to join, with the right `admit`.',
        security: bearer,
        params: JoinRequestParams,
        response: { 200: Answer(Success, 'They take part.'), ...DECISION_ERRORS },
      },
    },
    async (request) => {
      await approve(services, request.userId, request.params.chat_id, request.params.user_id);
      return SUCCESS;
    },
  );

  app.delete(
    '/chat/:chat_id/join-requests/:user_id',
    {
      config: { narrowed: { rights: 'write', chats: 'named' } },
      schema: {
        operationId: 'denyJoinRequest',
        tags: ['Invitations'],
        summary: 'Refuse somebody who asks to join',
        description: 'Removes a request, with the right `admit`. The user is not told, and may ask again.',
        security: bearer,
        params: JoinRequestParams,
        response: { 200: Answer(Success, 'They do not ask any more.'), ...DECISION_ERRORS },
      },
    },
    async (request) => {
      await deny(services, request.userId, request.params.chat_id, request.params.user_id);
      return SUCCESS;
    },
  );
  done();
};
