import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { actorOf } from '../../audit/index.js';
import { chatDoesNotExist } from '../../changes/index.js';
import { validationError } from '../../shared/errors.js';
import { Answer, BODY_ERRORS, Ref, apiKey, errorAnswers } from '../../shared/schema.js';
import { SUCCESS, Success } from '../../shared/success.js';
import { KEY_ERRORS, requireScope } from '../api-keys/index.js';
import { userExists } from '../auth/index.js';
import type { Services } from '../feature.js';
import { takeLabelledSession } from '../sessions/index.js';
import { changedMeanwhile, isAdmin, userNotFound, userSuspended } from '../users/index.js';
import {
  BatchResult,
  MintToken,
  MintedToken,
  PatchUser,
  PutUser,
  PutUsers,
  RevokeTokens,
  ServerUser,
  ServerUserParams,
  USUAL_TTL_SECONDS,
  UserOutcome,
} from './server-users.schemas.js';
import { revokeAll, revokeUser } from './revoke.service.js';
import { getServerUser, patchUser, putUser, putUsers, requireUserId } from './server-users.service.js';
import { narrowingFor, shownNarrowing } from './token.service.js';

/** A user may have 12 kB of custom data, and a hundred of them. */
const USER_BODY_LIMIT_BYTES = 64 * 1024;
const BATCH_BODY_LIMIT_BYTES = 2 * 1024 * 1024;

const EXISTS = [userExists, { errors: { username: 'This username is taken.' } }] as const;
const INVALID = [validationError, { errors: { name: 'must be string' } }] as const;

export const serverUserRoutes: FastifyPluginCallbackTypebox<Services> = (app, services, done) => {
  app.get(
    '/server/users/:user',
    {
      config: { scope: 'users:read' },
      schema: {
        operationId: 'getServerUser',
        tags: ['Server'],
        summary: 'Look at any user',
        description: 'A user, with what only the host application may see.',
        security: apiKey,
        params: ServerUserParams,
        response: { 200: Answer(ServerUser, 'The user.'), ...errorAnswers(...KEY_ERRORS, userNotFound, INVALID) },
      },
    },
    (request) => getServerUser(services, request.params.user),
  );

  app.put(
    '/server/users/:user',
    {
      bodyLimit: USER_BODY_LIMIT_BYTES,
      config: { scope: 'users:write' },
      schema: {
        operationId: 'putUser',
        tags: ['Server'],
        summary: 'Create or replace a user',
        description:
          'Makes the user of the host application known here, or brings them up to date. Except for username and email, ' +
          'what is not given is taken away. It may be repeated: the same again changes nothing.',
        security: apiKey,
        params: ServerUserParams,
        body: Ref(PutUser),
        response: {
          200: Answer(UserOutcome, 'The user, as they are now.'),
          ...errorAnswers(...KEY_ERRORS, userNotFound, EXISTS, INVALID, ...BODY_ERRORS),
        },
      },
    },
    (request) => putUser(services, actorOf(request), request.params.user, request.body),
  );

  app.patch(
    '/server/users/:user',
    {
      bodyLimit: USER_BODY_LIMIT_BYTES,
      config: { scope: 'users:write' },
      schema: {
        operationId: 'patchUser',
        tags: ['Server'],
        summary: 'Change a user',
        description: 'Changes what is given about a user and leaves the rest.',
        security: apiKey,
        params: ServerUserParams,
        body: Ref(PatchUser),
        response: {
          200: Answer(UserOutcome, 'The user, as they are now.'),
          ...errorAnswers(...KEY_ERRORS, userNotFound, EXISTS, changedMeanwhile, INVALID, ...BODY_ERRORS),
        },
      },
    },
    (request) => patchUser(services, actorOf(request), request.params.user, request.body),
  );

  app.post(
    '/server/users/batch',
    {
      bodyLimit: BATCH_BODY_LIMIT_BYTES,
      config: { scope: 'users:write' },
      schema: {
        operationId: 'putUsers',
        tags: ['Server'],
        summary: 'Create or replace up to 100 users',
        description: 'Does for each what `PUT /server/users/{user}` does. A mistake in one leaves the others.',
        security: apiKey,
        body: Ref(PutUsers),
        response: {
          200: Answer(BatchResult, 'What became of each.'),
          ...errorAnswers(
            ...KEY_ERRORS,
            [validationError, { errors: { users: 'must NOT have more than 100 items' } }],
            ...BODY_ERRORS,
          ),
        },
      },
    },
    async (request) => ({ results: await putUsers(services, actorOf(request), request.body) }),
  );

  app.post(
    '/server/users/:user/token',
    {
      config: { scope: 'tokens:mint' },
      schema: {
        operationId: 'mintToken',
        tags: ['Server'],
        summary: 'Make an access token for a user',
        description:
          'The host application, which knows who its user is, gives the token to the client. When it is about to expire, the ' +
          'client asks the host application for another. For an admin it needs the scope `admin`. With `chats` or `rights` it may ' +
          'do less than its user: whatever it is not good for is answered with 403 `TOKEN_NARROWED`, and other chats are as if ' +
          'its user took no part in them. With a `session_label` the user can see it, and end it.',
        security: apiKey,
        params: ServerUserParams,
        body: Ref(MintToken),
        response: {
          200: Answer(MintedToken, 'The token.'),
          ...errorAnswers(
            ...KEY_ERRORS,
            userSuspended,
            userNotFound,
            [chatDoesNotExist, { errors: { chats: 'There is no chat key:order:4711.' } }],
            [validationError, { errors: { ttl: 'must be >= 60' } }],
            ...BODY_ERRORS,
          ),
        },
      },
    },
    async (request) => {
      const userId = await requireUserId(services, request.params.user);
      if (services.revocations.isSuspended(userId)) throw userSuspended();
      // By a token of an admin the key could do what it may not do itself.
      if (await isAdmin(services.db, userId)) requireScope(request, 'admin');
      const { ttl = USUAL_TTL_SECONDS, session_label: label } = request.body;
      const narrowing = await narrowingFor(services, request.body);
      const expiresAt = Math.floor(Date.now() / 1000 + ttl) * 1000;
      const sessionId =
        label === undefined ? undefined : await takeLabelledSession(services.db, userId, label, expiresAt);
      const access_token = app.createAccessToken(userId, { ttlSeconds: ttl, narrowing, sessionId });
      return {
        ...{ access_token, token_type: 'bearer', expires_at: new Date(expiresAt).toISOString() },
        ...shownNarrowing(narrowing),
        ...(sessionId !== undefined && { session_id: sessionId }),
      };
    },
  );

  app.post(
    '/server/users/:user/revoke',
    {
      config: { scope: 'tokens:mint' },
      schema: {
        operationId: 'revokeTokensOfUser',
        tags: ['Server'],
        summary: 'End all tokens and sessions of a user',
        description:
          'On all nodes within a second: requests are refused, sockets and streams closed. Without `before` their sessions end, too.',
        security: apiKey,
        params: ServerUserParams,
        body: Ref(RevokeTokens),
        response: {
          200: Answer(Success, 'They have ended.'),
          ...errorAnswers(
            ...KEY_ERRORS,
            userNotFound,
            [validationError, { errors: { before: 'must not be in the future' } }],
            ...BODY_ERRORS,
          ),
        },
      },
    },
    async (request) => {
      const userId = await requireUserId(services, request.params.user);
      await revokeUser(services, actorOf(request), userId, request.body.before);
      return SUCCESS;
    },
  );

  app.post(
    '/server/revoke',
    {
      config: { scope: 'tokens:mint' },
      schema: {
        operationId: 'revokeTokensOfAll',
        tags: ['Server'],
        summary: 'End the access tokens of everybody',
        description:
          'For the night on which a secret got lost. On all nodes within a second. Sessions go on with their next refresh.',
        security: apiKey,
        body: Ref(RevokeTokens),
        response: {
          200: Answer(Success, 'They have ended.'),
          ...errorAnswers(
            ...KEY_ERRORS,
            [validationError, { errors: { before: 'must not be in the future' } }],
            ...BODY_ERRORS,
          ),
        },
      },
    },
    async (request) => {
      await revokeAll(services, actorOf(request), request.body.before);
      return SUCCESS;
    },
  );
  done();
};
