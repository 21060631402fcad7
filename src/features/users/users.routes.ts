import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { notAuthorized, validationError } from '../../shared/errors.js';
import { Answer, BODY_ERRORS, Ref, bearer, errorAnswers } from '../../shared/schema.js';
import { SUCCESS, Success } from '../../shared/success.js';
import type { Services } from '../feature.js';
import { profileFeed } from './profile-feed.js';
import { changedMeanwhile, userNotFound } from './users.errors.js';
import { ChangeBio, ChangeMe, FoundUsers, Profile, User, UserParams, UserSearchQuery } from './users.schemas.js';
import { changeMe, getMe, getProfile, searchUsers } from './users.service.js';

export const userRoutes: FastifyPluginCallbackTypebox<Services> = (app, services, done) => {
  const feed = profileFeed(services);
  app.addHook('onReady', (ready) => {
    feed.startNow();
    ready();
  });
  app.addHook('onClose', () => feed.stop());

  app.get(
    '/user/me',
    {
      config: { narrowed: { rights: 'read', chats: 'none' } },
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
    '/user/me',
    {
      schema: {
        operationId: 'changeMe',
        tags: ['Users'],
        summary: 'Change my profile',
        description:
          'Changes what is given and leaves the rest. People who share a chat with the user are told, at most once a second.',
        security: bearer,
        body: Ref(ChangeMe),
        response: {
          200: Answer(User, 'The user, as they are now.'),
          ...errorAnswers(
            notAuthorized,
            changedMeanwhile,
            [validationError, { errors: { avatar_url: 'must match pattern "^https?://"' } }],
            ...BODY_ERRORS,
          ),
        },
      },
    },
    (request) => changeMe(services, request.userId, request.body),
  );

  app.get(
    '/user/search',
    {
      schema: {
        operationId: 'searchUsers',
        tags: ['Users'],
        summary: 'Find users',
        description:
          'Finds people by username and name: first who has just this username, then those of whom a word begins so, then ' +
          'those whose words are alike, from three characters on and where the database has pg_trgm. Of very many only some ' +
          'are looked at: more letters find better. E-mail addresses are not searched. The user, those who do not want to be ' +
          'found, those who are suspended, those who have blocked the user or whom the user has blocked, and those whom the user does ' +
          'not meet (`teams` of `User`) are left out.',
        security: bearer,
        querystring: UserSearchQuery,
        response: {
          200: Answer(FoundUsers, 'The users, the best first.'),
          ...errorAnswers(notAuthorized, [validationError, { errors: { limit: 'must be <= 50' } }]),
        },
      },
    },
    (request) => searchUsers(services, request.userId, request.query),
  );

  app.get(
    '/user/:user_id',
    {
      config: { narrowed: { rights: 'read', chats: 'none' } },
      schema: {
        operationId: 'getProfile',
        tags: ['Users'],
        summary: 'Look at a user',
        description:
          'All that others may know of a user. Somebody whom the user does not meet, see `teams` of `User`, is not there unless they ' +
          'share a chat.',
        security: bearer,
        params: UserParams,
        response: {
          200: Answer(Profile, 'The profile.'),
          ...errorAnswers(notAuthorized, userNotFound, [validationError, { errors: { user_id: 'must be integer' } }]),
        },
      },
    },
    (request) => getProfile(services, request.userId, request.params.user_id),
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
      await changeMe(services, request.userId, request.body);
      return SUCCESS;
    },
  );
  done();
};
