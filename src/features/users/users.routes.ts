import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { notAuthorized, validationError } from '../../shared/errors.js';
import { Answer, BODY_ERRORS, Ref, bearer, errorAnswers } from '../../shared/schema.js';
import { SUCCESS, Success } from '../../shared/success.js';
import type { Services } from '../feature.js';
import { ChangeBio, User } from './users.schemas.js';
import { changeBio, getMe } from './users.service.js';

export const userRoutes: FastifyPluginCallbackTypebox<Services> = (app, services, done) => {
  app.get(
    '/user/me',
    {
      schema: {
        operationId: 'getMe',
        tags: ['Users'],
        summary: 'Who am I?',
        description: 'The user of the token.',
        security: bearer,
        response: { 200: Answer(User, 'The user of the token.'), ...errorAnswers(notAuthorized) },
      },
    },
    (request) => getMe(services, request.userId),
  );

  app.patch(
    '/user/bio',
    {
      schema: {
        operationId: 'changeBio',
        tags: ['Users'],
        summary: 'Change my bio',
        description:
          'Replaces what the user says of themselves. An empty text is allowed, and one of spaces becomes empty.',
        security: bearer,
        body: Ref(ChangeBio),
        response: {
          200: Answer(Success, 'The bio has been changed.'),
          ...errorAnswers(
            notAuthorized,
            [validationError, { errors: { bio: 'must NOT have more than 64 characters' } }],
            ...BODY_ERRORS,
          ),
        },
      },
    },
    async (request) => {
      await changeBio(services, request.userId, request.body.bio);
      return SUCCESS;
    },
  );
  done();
};
