import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { notAuthorized } from '../../shared/errors.js';
import { Answer, bearer, errorAnswers } from '../../shared/schema.js';
import type { Services } from '../feature.js';
import { Badge } from './badge.schemas.js';
import { getBadge } from './badge.service.js';

export const badgeRoutes: FastifyPluginCallbackTypebox<Services> = (app, services, done) => {
  app.get(
    '/user/badge',
    {
      config: { narrowed: { rights: 'read', chats: 'filtered' } },
      schema: {
        operationId: 'getBadge',
        tags: ['Chats'],
        summary: 'How much is unread?',
        description:
          'The number for the icon of an application. A client that keeps its chats counts by itself; `POST /sync` with `badge` ' +
          'has the same.',
        security: bearer,
        response: { 200: Answer(Badge, 'How much is unread.'), ...errorAnswers(notAuthorized) },
      },
    },
    ({ userId, identity }) => getBadge(services, userId, identity?.narrowing?.chats),
  );
  done();
};
