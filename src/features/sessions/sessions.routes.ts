import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { actorOf } from '../../audit/index.js';
import { notAuthorized, tooManyRequests, validationError } from '../../shared/errors.js';
import { Answer, BODY_ERRORS, Ref, bearer, errorAnswers } from '../../shared/schema.js';
import { SUCCESS, Success } from '../../shared/success.js';
import { isOwnOrigin, originNotAllowed } from '../../shared/own-origin.js';
import type { Services } from '../feature.js';
import { AccessToken, sessionTokens } from './access-token.js';
import { givenToken } from './given-token.js';
import { noSession, sessionNotFound } from './sessions.errors.js';
import { RefreshToken, SessionList, SessionParams } from './sessions.schemas.js';
import { endAllOthers, endSession, getSessions, refresh, requireUser } from './sessions.service.js';

export const openSessionRoutes: FastifyPluginCallbackTypebox<Services> = (app, services, done) => {
  const { refreshCookie } = services;
  app.post(
    '/token/refresh',
    {
      schema: {
        operationId: 'refreshToken',
        tags: ['Authentication'],
        summary: 'Get the next access token',
        description:
          'Gives another access token and the next refresh token; this one is then used. When the answer gets lost, repeat the ' +
          'request: it gives the same refresh token. A refresh token that comes again later has been stolen, and ends the session.',
        security: [],
        body: Ref(RefreshToken),
        response: {
          200: Answer(AccessToken, 'The tokens.'),
          ...errorAnswers(
            notAuthorized,
            originNotAllowed,
            [validationError, { errors: { refresh_token: 'must be string' } }],
            tooManyRequests,
            ...BODY_ERRORS,
          ),
        },
      },
    },
    async (request, reply) => {
      await app.rateLimits.credentials.consume(request.network);
      const client = { address: request.ip, reqId: request.id };
      const refreshed = await refresh(services, givenToken(request, refreshCookie), client);
      const tokens = sessionTokens((id, options) => app.createAccessToken(id, options), refreshed);
      return refreshCookie.answer(request, reply, tokens);
    },
  );
  done();
};

export const sessionRoutes: FastifyPluginCallbackTypebox<Services> = (app, services, done) => {
  app.post(
    '/logout',
    {
      schema: {
        operationId: 'logOut',
        tags: ['Authentication'],
        summary: 'Log out',
        description: 'Ends the session of the token, on all nodes within a second.',
        security: bearer,
        response: { 200: Answer(Success, 'The session has ended.'), ...errorAnswers(notAuthorized, noSession) },
      },
    },
    async (request, reply) => {
      const { userId, sessionId } = identityOf(request);
      // Of another page it is not: that one has its refresh token itself.
      if (request.headers.origin !== undefined && isOwnOrigin(request)) services.refreshCookie.remove(request, reply);
      if (sessionId === undefined) {
        await requireUser(services.db, userId);
        throw noSession();
      }
      await endSession(services, userId, sessionId);
      return SUCCESS;
    },
  );

  app.get(
    '/user/sessions',
    {
      schema: {
        operationId: 'getSessions',
        tags: ['Authentication'],
        summary: 'Where am I logged in?',
        description: 'The sessions of the user. Tokens that belong to none are not listed.',
        security: bearer,
        response: { 200: Answer(SessionList, 'The sessions.'), ...errorAnswers(notAuthorized) },
      },
    },
    (request) => getSessions(services, identityOf(request)),
  );

  app.delete(
    '/user/sessions/:session_id',
    {
      schema: {
        operationId: 'endSession',
        tags: ['Authentication'],
        summary: 'End a session',
        description: 'Logs a device out, on all nodes within a second.',
        security: bearer,
        params: SessionParams,
        response: {
          200: Answer(Success, 'The session has ended.'),
          ...errorAnswers(notAuthorized, sessionNotFound, [
            validationError,
            { errors: { session_id: 'must be integer' } },
          ]),
        },
      },
    },
    async (request) => {
      await endSession(services, request.userId, request.params.session_id, actorOf(request));
      return SUCCESS;
    },
  );

  app.delete(
    '/user/sessions',
    {
      schema: {
        operationId: 'endOtherSessions',
        tags: ['Authentication'],
        summary: 'Log out everywhere else',
        description:
          'Ends all other sessions of the user, and all tokens that belong to no session and were issued before this one.',
        security: bearer,
        response: { 200: Answer(Success, 'Only this one goes on.'), ...errorAnswers(notAuthorized) },
      },
    },
    async (request) => {
      await endAllOthers(services, identityOf(request), actorOf(request));
      return SUCCESS;
    },
  );
  done();
};

/** An API key that acts as a user has no token of theirs: to it all sessions are others. */
function identityOf({ identity, userId }: FastifyRequest) {
  return identity ?? { userId, expiresAt: Infinity, issuedAt: Date.now() };
}
