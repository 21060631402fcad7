import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { tooManyRequests, validationError } from '../../shared/errors.js';
import { Answer, BODY_ERRORS, Ref, errorAnswers } from '../../shared/schema.js';
import type { Services } from '../feature.js';
import { findUserIds } from '../users/index.js';
import { alreadyAuthenticated, userExists, wrongCredentials } from './auth.errors.js';
import { AccessToken, Credentials, Registration } from './auth.schemas.js';
import { logIn, register } from './auth.service.js';
import { LoginGuard } from './login-guard.js';
import { normalizeNames } from './spellings.js';

export const authRoutes: FastifyPluginCallbackTypebox<Services> = (app, { db, security, mailer }, done) => {
  const guard = new LoginGuard(app.rateLimits);

  app.addHook('onRequest', async (request) => {
    await app.rateLimits.credentials.consume(request.network);
    const { userId } = request;
    if (userId === 0) return;
    const found = await db.inTurn(request.network, () => findUserIds(db, [userId]));
    if (found.has(userId)) throw alreadyAuthenticated();
  });

  app.addHook('preValidation', (request, _reply, done) => {
    normalizeNames(request.body);
    done();
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
    async (request) => {
      const userId = await register({ db, mailer }, request.body, request.network);
      security.record('registered', { reqId: request.id, address: request.ip, account_id: userId });
      return tokenFor(userId);
    },
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
      const { accountId, isRight } = await logIn(db, guard, request.body, request.network);
      const details = { reqId: request.id, address: request.ip, account_id: accountId };
      if (!isRight || accountId === undefined) {
        security.record('login_failed', { ...details, reason: accountId ? 'wrong password' : 'no such account' });
        throw wrongCredentials();
      }
      security.record('login_succeeded', details);
      return tokenFor(accountId);
    },
  );
  done();
};
