import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { actorOf } from '../../audit/index.js';
import { CodeGuard, secondFactorRequired, wrongCode } from '../../second-factor/index.js';
import { notAuthorized, tooManyRequests, validationError } from '../../shared/errors.js';
import { Answer, BODY_ERRORS, Ref, bearer, errorAnswers } from '../../shared/schema.js';
import { originNotAllowed } from '../../shared/own-origin.js';
import type { Services } from '../feature.js';
import { ACCESS_SECONDS, AccessToken, firstTokens, type StoredSession } from '../sessions/index.js';
import { findUserIds } from '../users/index.js';
import { alreadyAuthenticated, userExists, wrongCredentials } from './auth.errors.js';
import { ChangePassword, Credentials, Registration } from './auth.schemas.js';
import { changePassword, completeLogin, logIn, register } from './auth.service.js';
import { normalizeNamesOfBody } from './spellings.js';

/** For clients that have no token. */
export const openAuthRoutes: FastifyPluginCallbackTypebox<Services> = (app, services, done) => {
  const { db, security, mailer, refreshTokens, refreshCookie, loginGuard } = services;
  const codeGuard = new CodeGuard(app.rateLimits);

  app.addHook('onRequest', async (request) => {
    await app.rateLimits.credentials.consume(request.network);
    const { userId } = request;
    if (userId === 0) return;
    const found = await db.inTurn(request.network, () => findUserIds(db, [userId]));
    if (found.has(userId)) throw alreadyAuthenticated();
  });

  app.addHook('preValidation', normalizeNamesOfBody);

  const tokensFor = (userId: number, session: StoredSession | undefined): AccessToken => {
    if (session) return firstTokens((id, options) => app.createAccessToken(id, options), refreshTokens, session);
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
            originNotAllowed,
            [validationError, { errors: { password: 'must NOT have fewer than 8 characters' } }],
            tooManyRequests,
            ...BODY_ERRORS,
          ),
        },
      },
    },
    async (request, reply) => {
      refreshCookie.check(request);
      const client = { ...request.body, address: request.ip };
      const { userId, session } = await register({ db, mailer }, request.body, request.network, client);
      security.record('registered', { reqId: request.id, address: request.ip, account_id: userId });
      return refreshCookie.answer(request, reply, tokensFor(userId, session));
    },
  );

  app.post(
    '/login',
    {
      schema: {
        operationId: 'login',
        tags: ['Authentication'],
        summary: 'Log in',
        description:
          'Answers with an access token for the user who has these credentials. Of a user with a second factor it also needs a ' +
          '`code`: without one the answer is `SECOND_FACTOR_REQUIRED`, once the password is right.',
        security: [],
        body: Ref(Credentials),
        response: {
          200: Answer(AccessToken, 'The credentials are right.'),
          ...errorAnswers(
            wrongCredentials,
            alreadyAuthenticated,
            originNotAllowed,
            secondFactorRequired,
            wrongCode,
            [validationError, { errors: { password: "must have required property 'password'" } }],
            tooManyRequests,
            ...BODY_ERRORS,
          ),
        },
      },
    },
    async (request, reply) => {
      refreshCookie.check(request);
      const { accountId, hash } = await logIn(db, loginGuard, request.body, request.network);
      const details = { reqId: request.id, address: request.ip, account_id: accountId };
      if (hash === undefined || accountId === undefined) {
        security.record('login_failed', { ...details, reason: accountId ? 'wrong password' : 'no such account' });
        throw wrongCredentials();
      }
      const client = { ...request.body, address: request.ip };
      const login = { userId: accountId, hash, network: request.network, code: request.body.code, reqId: request.id };
      const tokens = await completeLogin(services, codeGuard, login, client, (session) =>
        tokensFor(accountId, session),
      );
      security.record('login_succeeded', details);
      return refreshCookie.answer(request, reply, tokens);
    },
  );
  done();
};

/** For clients that have one. */
export const authRoutes: FastifyPluginCallbackTypebox<Services> = (app, services, done) => {
  const { security } = services;

  app.post(
    '/user/password',
    {
      schema: {
        operationId: 'changePassword',
        tags: ['Authentication'],
        summary: 'Change my password',
        description:
          'Gives the account another password, and ends everything else that the user is logged in with. The answer has a new ' +
          'access token in place of that of the request.',
        security: bearer,
        body: Ref(ChangePassword),
        response: {
          200: Answer(AccessToken, 'The password has been changed.'),
          ...errorAnswers(
            notAuthorized,
            wrongCredentials,
            [validationError, { errors: { new_password: 'must NOT have fewer than 8 characters' } }],
            tooManyRequests,
            ...BODY_ERRORS,
          ),
        },
      },
    },
    async (request) => {
      const { userId, identity, network, body } = request;
      const sessionId = identity?.sessionId;
      await changePassword(services, { userId, sessionId, network }, actorOf(request), body);
      security.record('password_changed', { reqId: request.id, address: request.ip, account_id: userId });
      const options = sessionId === undefined ? {} : { sessionId, ttlSeconds: ACCESS_SECONDS };
      return { access_token: app.createAccessToken(userId, options), token_type: 'bearer' };
    },
  );
  done();
};
