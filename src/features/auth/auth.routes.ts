import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import type { Database } from '../../database/index.js';
import { tooManyRequests, validationError } from '../../shared/errors.js';
import { Answer, BODY_ERRORS, Ref, errorAnswers } from '../../shared/schema.js';
import { findUserIds } from '../users/index.js';
import { alreadyAuthenticated, userExists, wrongCredentials } from './auth.errors.js';
import { AccessToken, Credentials, Registration } from './auth.schemas.js';
import { findLogin, register } from './auth.service.js';

export const authRoutes: FastifyPluginCallbackTypebox<{ db: Database }> = (app, { db }, done) => {
  app.addHook('onRequest', async (request) => {
    await app.rateLimits.credentials.consume(request.ip);
    const userId = app.tokenUserId(request);
    if (userId !== undefined && (await findUserIds(db, [userId])).has(userId)) throw alreadyAuthenticated();
  });

  const tokenFor = (userId: number) => {
    return { access_token: app.createAccessToken(userId), token_type: 'bearer' };
  };

  app.post(
    '/register',
    {
      schema: {
        operationId: 'register',
        tags: ['Authentication'],
        summary: 'Open an account',
        description: 'Makes a user and answers with an access token for them.',
        security: [],
        body: Ref(Registration),
        response: {
          200: Answer(AccessToken, 'The user has been made.'),
          ...errorAnswers(
            [userExists, { errors: { username: 'This username is taken.' } }],
            alreadyAuthenticated,
            [validationError, { errors: { password: 'must NOT have fewer than 8 characters' } }],
            tooManyRequests,
            ...BODY_ERRORS,
          ),
        },
      },
    },
    async (request) => tokenFor(await register(db, request.body)),
  );

  app.post(
    '/login',
    {
      schema: {
        operationId: 'login',
        tags: ['Authentication'],
        summary: 'Log in',
        description: 'Answers with an access token for the user who has these credentials.',
        security: [],
        body: Ref(Credentials),
        response: {
          200: Answer(AccessToken, 'The credentials are right.'),
          ...errorAnswers(
            wrongCredentials,
            alreadyAuthenticated,
            [validationError, { errors: { password: "must have required property 'password'" } }],
            tooManyRequests,
            ...BODY_ERRORS,
          ),
        },
      },
    },
    async (request) => {
      const { loginFailures } = app.rateLimits;
      const account = `${request.ip} ${request.body.usernameOrEmail.toLowerCase()}`;
      // Counted before it is known, or a hundred guesses at once would all pass.
      await loginFailures.consume(account);
      const userId = await findLogin(db, request.body);
      if (userId === undefined) throw wrongCredentials();
      await loginFailures.refund(account);
      return tokenFor(userId);
    },
  );
  done();
};
