import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { ChatParams, chatDoesNotExist } from '../../changes/index.js';
import { notAuthorized, validationError } from '../../shared/errors.js';
import { Answer, bearer, errorAnswers } from '../../shared/schema.js';
import { publicGroupsOff } from '../chats/index.js';
import type { Services } from '../feature.js';
import { Joining } from '../invites/index.js';
import { banned } from '../participants/index.js';
import { PublicGroupList, PublicGroupQuery } from './public-groups.schemas.js';
import { getPublicGroups, joinPublicGroup } from './public-groups.service.js';

export const publicGroupRoutes: FastifyPluginCallbackTypebox<Services> = (app, services, done) => {
  const isOn = services.config.publicGroups;

  app.get(
    '/chats/public',
    {
      schema: {
        operationId: 'getPublicGroups',
        tags: ['Chats'],
        summary: 'Find public groups',
        description:
          'The groups that everyone may join, or those of some words; the newest first. Groups whose owner the user does not meet (`teams` of ' +
          '`User`) are left out, and those that nobody is in. For the next page give `next` as `cursor`.',
        security: bearer,
        querystring: PublicGroupQuery,
        response: {
          200: Answer(PublicGroupList, 'The page. An empty one is past the end.'),
          ...errorAnswers(notAuthorized, publicGroupsOff, [validationError, { errors: { limit: 'must be <= 500' } }]),
        },
      },
    },
    async (request) => {
      if (!isOn) throw publicGroupsOff();
      await app.rateLimits.searches.consume(request.userId);
      return getPublicGroups(services, request.userId, request.query);
    },
  );

  app.post(
    '/chat/:chat_id/join',
    {
      schema: {
        operationId: 'joinPublicGroup',
        tags: ['Chats'],
        summary: 'Join a public group',
        description:
          'Adds the user to a group that everyone may join. It may be repeated: one joins once. Another group is answered like one that ' +
          'does not exist.',
        security: bearer,
        params: ChatParams,
        response: {
          200: Answer(Joining, 'The user takes part.'),
          ...errorAnswers(notAuthorized, publicGroupsOff, chatDoesNotExist, banned, [
            validationError,
            { errors: { chat_id: 'must be integer' } },
          ]),
        },
      },
    },
    async ({ userId, params }) => {
      if (!isOn) throw publicGroupsOff();
      await app.rateLimits.searches.consume(userId);
      await app.rateLimits.people.consume(userId, 1);
      return joinPublicGroup(services, userId, params.chat_id);
    },
  );
  done();
};
