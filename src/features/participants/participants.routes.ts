import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { ChatParams, RESTRICTED, RIGHT_ERRORS, chatDoesNotExist } from '../../changes/index.js';
import { notAuthorized, validationError } from '../../shared/errors.js';
import { runWhileOpen } from '../../shared/run-while-open.js';
import { Answer, BODY_ERRORS, Id, Ref, bearer, errorAnswers } from '../../shared/schema.js';
import { SUCCESS, Success } from '../../shared/success.js';
import { ChatQuery, ChatWithParticipants, notAGroup, notTheCreator } from '../chats/index.js';
import type { Services } from '../feature.js';
import { banned, participantDoesNotExist, rankTooLow, userDoesNotExist } from './participants.errors.js';
import { AddParticipants, ParticipantList, ParticipantListQuery } from './participants.schemas.js';
import { addToChat, getParticipants, removeFromChat } from './participants.service.js';
import { pendingSweep } from './pending-participants.js';

export const participantRoutes: FastifyPluginCallbackTypebox<Services> = (app, services, done) => {
  runWhileOpen(app, pendingSweep(services));

  app.get(
    '/chat/:chat_id/participants',
    {
      config: { narrowed: { rights: 'read', chats: 'named' } },
      schema: {
        operationId: 'getParticipants',
        tags: ['Chats'],
        summary: 'List the participants of a chat',
        description:
          'Who takes part in a chat of the user, in order of joining, with their roles. For the next page give `next` as `cursor`.',
        security: bearer,
        params: ChatParams,
        querystring: ParticipantListQuery,
        response: {
          200: Answer(ParticipantList, 'The page. An empty one is past the end.'),
          ...errorAnswers(notAuthorized, chatDoesNotExist, [validationError, { errors: { limit: 'must be <= 500' } }]),
        },
      },
    },
    async (request) => {
      if (request.query.name !== undefined) await app.rateLimits.searches.consume(request.userId);
      return getParticipants(services, request.userId, request.params.chat_id, request.query);
    },
  );

  app.post(
    '/chat/:chat_id/participants',
    {
      onRequest: (request) => app.rateLimits.people.check(request.userId),
      config: { narrowed: { rights: 'write', chats: 'named' } },
      schema: {
        operationId: 'addParticipants',
        tags: ['Chats'],
        summary: 'Add people to a group',
        description:
          'Adds users to a group of the user. They see all of its messages, unless the group hides from newcomers what was written before, ' +
          'and none of them is unread.',
        security: bearer,
        params: ChatParams,
        querystring: ChatQuery,
        body: Ref(AddParticipants),
        response: {
          200: Answer(ChatWithParticipants, 'The chat.'),
          ...errorAnswers(
            notAuthorized,
            chatDoesNotExist,
            notAGroup,
            ...RIGHT_ERRORS,
            [banned, { errors: { user_ids: 'User 9 is banned from this group.' } }],
            [userDoesNotExist, { errors: { user_ids: 'There is no user 9.' } }],
            [validationError, { errors: { user_ids: 'must NOT have fewer than 1 items' } }],
            ...BODY_ERRORS,
          ),
        },
      },
    },
    async (request) => {
      await app.rateLimits.people.consume(request.userId, request.body.user_ids.length);
      const { userId, params, query, body } = request;
      return addToChat(services, userId, params.chat_id, body.user_ids, query);
    },
  );

  app.delete(
    '/chat/:chat_id/participants/:user_id',
    {
      config: { narrowed: { rights: 'write', chats: 'named' } },
      schema: {
        operationId: 'removeParticipant',
        tags: ['Chats'],
        summary: 'Leave a group, or remove somebody',
        description:
          'Everyone may remove themselves, and people of a lower role with the right `remove_member`. The owner is who created the group; when ' +
          'the owner leaves, the longest-standing of the highest role becomes the owner. Nothing of the group reaches who is removed.',
        security: bearer,
        params: Type.Object({ ...ChatParams.properties, user_id: Id('Who is to go.', { examples: [7] }) }),
        response: {
          200: Answer(Success, 'They take no part any more.'),
          ...errorAnswers(
            notAuthorized,
            chatDoesNotExist,
            notAGroup,
            notTheCreator,
            RESTRICTED,
            rankTooLow,
            participantDoesNotExist,
            [validationError, { errors: { user_id: 'must be integer' } }],
          ),
        },
      },
    },
    async (request) => {
      await removeFromChat(services, request.userId, request.params.chat_id, request.params.user_id);
      return SUCCESS;
    },
  );

  done();
};
