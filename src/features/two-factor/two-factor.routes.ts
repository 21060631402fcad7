import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { actorOf } from '../../audit/index.js';
import { CodeGuard, wrongCode, type Proof } from '../../second-factor/index.js';
import { notAuthorized, tooManyRequests, validationError } from '../../shared/errors.js';
import { Answer, BODY_ERRORS, Ref, apiKey, bearer, errorAnswers } from '../../shared/schema.js';
import { SUCCESS, Success } from '../../shared/success.js';
import { ADMIN_ERRORS, AdminUserParams, ownAccount } from '../admin/index.js';
import { requirePassword, wrongCredentials } from '../auth/index.js';
import type { Services } from '../feature.js';
import { ACCESS_SECONDS } from '../sessions/index.js';
import { userNotFound } from '../users/index.js';
import { twoFactorNotBegun, twoFactorOff, twoFactorOn } from './two-factor.errors.js';
import {
  BeginTwoFactor,
  ConfirmTwoFactor,
  ProveTwoFactor,
  RecoveryCodes,
  TwoFactorConfirmed,
  TwoFactorSetup,
  TwoFactorState,
} from './two-factor.schemas.js';
import {
  beginTwoFactor,
  confirmTwoFactor,
  getTwoFactor,
  removeAsAdmin,
  removeTwoFactor,
  renewRecoveryCodes,
} from './two-factor.service.js';

const INVALID = [validationError, { errors: { code: 'must NOT have fewer than 1 characters' } }] as const;
const LIMITED = [INVALID, tooManyRequests, ...BODY_ERRORS] as const;

export const twoFactorRoutes: FastifyPluginCallbackTypebox<Services> = (app, services, done) => {
  const { security } = services;
  const guard = new CodeGuard(app.rateLimits);

  const checkPassword = (request: FastifyRequest, password: string) => requirePassword(services, request, password);
  const askedBy = (request: FastifyRequest, code: string) => {
    const { userId, network } = request;
    return { userId, network, code, actor: actorOf(request) };
  };
  const detailsOf = ({ id, ip, userId }: FastifyRequest) => ({ reqId: id, address: ip, account_id: userId });
  const recordProof = (request: FastifyRequest, proof: Proof) => {
    if (proof === 'recovery code') security.record('recovery_code_used', detailsOf(request));
  };

  app.get(
    '/user/two-factor',
    {
      schema: {
        operationId: 'getTwoFactor',
        tags: ['Authentication'],
        summary: 'See whether a login needs a code',
        description: 'Whether two-factor authentication is on, and how many recovery codes are left.',
        security: bearer,
        response: { 200: Answer(TwoFactorState, 'How it is.'), ...errorAnswers(notAuthorized) },
      },
    },
    ({ userId }) => getTwoFactor(services, userId),
  );

  app.post(
    '/user/two-factor',
    {
      schema: {
        operationId: 'beginTwoFactor',
        tags: ['Authentication'],
        summary: 'Begin with two-factor authentication',
        description:
          'Makes a secret for an app for codes, at most ten times an hour. Nothing changes until a code has confirmed it; what was ' +
          'begun before and not confirmed is replaced.',
        security: bearer,
        body: Ref(BeginTwoFactor),
        response: {
          200: Answer(TwoFactorSetup, 'What the app needs.'),
          ...errorAnswers(
            notAuthorized,
            wrongCredentials,
            twoFactorOn,
            [validationError, { errors: { password: "must have required property 'password'" } }],
            tooManyRequests,
            ...BODY_ERRORS,
          ),
        },
      },
    },
    async (request) => {
      await checkPassword(request, request.body.password);
      return beginTwoFactor(services, request.userId);
    },
  );

  app.post(
    '/user/two-factor/confirm',
    {
      schema: {
        operationId: 'confirmTwoFactor',
        tags: ['Authentication'],
        summary: 'Turn two-factor authentication on',
        description:
          'From now on a login also needs a `code`. Everything else that the user is logged in with ends. The answer has the recovery ' +
          'codes, and a new access token in place of that of the request.',
        security: bearer,
        body: Ref(ConfirmTwoFactor),
        response: {
          200: Answer(TwoFactorConfirmed, 'It is on.'),
          ...errorAnswers(notAuthorized, wrongCode, twoFactorOn, twoFactorNotBegun, ...LIMITED),
        },
      },
    },
    async (request) => {
      const { userId, identity } = request;
      const sessionId = identity?.sessionId;
      const recovery_codes = await confirmTwoFactor(services, guard, askedBy(request, request.body.code), sessionId);
      security.record('two_factor_on', detailsOf(request));
      const options = sessionId === undefined ? {} : { sessionId, ttlSeconds: ACCESS_SECONDS };
      return { recovery_codes, access_token: app.createAccessToken(userId, options), token_type: 'bearer' };
    },
  );

  app.post(
    '/user/two-factor/recovery-codes',
    {
      schema: {
        operationId: 'renewRecoveryCodes',
        tags: ['Authentication'],
        summary: 'Get other recovery codes',
        description: 'Makes ten recovery codes. Those that there were do not count any more.',
        security: bearer,
        body: Ref(ProveTwoFactor),
        response: {
          200: Answer(RecoveryCodes, 'The codes.'),
          ...errorAnswers(notAuthorized, wrongCredentials, wrongCode, twoFactorOff, ...LIMITED),
        },
      },
    },
    async (request) => {
      const { password, code } = request.body;
      await checkPassword(request, password);
      const { proof, codes } = await renewRecoveryCodes(services, guard, askedBy(request, code));
      recordProof(request, proof);
      return { recovery_codes: codes };
    },
  );

  app.post(
    '/user/two-factor/remove',
    {
      schema: {
        operationId: 'removeTwoFactor',
        tags: ['Authentication'],
        summary: 'Turn two-factor authentication off',
        description: 'The password is enough again. It takes a code or a recovery code.',
        security: bearer,
        body: Ref(ProveTwoFactor),
        response: {
          200: Answer(Success, 'It is off.'),
          ...errorAnswers(notAuthorized, wrongCredentials, wrongCode, twoFactorOff, ...LIMITED),
        },
      },
    },
    async (request) => {
      const { password, code } = request.body;
      await checkPassword(request, password);
      recordProof(request, await removeTwoFactor(services, guard, askedBy(request, code)));
      security.record('two_factor_off', detailsOf(request));
      return SUCCESS;
    },
  );
  done();
};

export const adminTwoFactorRoutes: FastifyPluginCallbackTypebox<Services> = (app, services, done) => {
  app.post(
    '/admin/users/:user_id/two-factor/remove',
    {
      schema: {
        operationId: 'removeTwoFactorOfUser',
        tags: ['Administration'],
        summary: 'Turn off two-factor authentication of a user',
        description:
          'For a user who has lost the app and the recovery codes. Make sure that it is they who ask. Where it is off it stays so.',
        security: [...bearer, ...apiKey],
        params: AdminUserParams,
        response: {
          200: Answer(Success, 'It is off.'),
          ...errorAnswers(...ADMIN_ERRORS, ownAccount, userNotFound, [
            validationError,
            { errors: { user_id: 'must be integer' } },
          ]),
        },
      },
    },
    async (request) => {
      const { user_id: userId } = request.params;
      const wasOn = await removeAsAdmin(services, actorOf(request), userId);
      if (wasOn)
        services.security.record('two_factor_off', {
          ...{ reqId: request.id, address: request.ip, account_id: userId, reason: 'by an admin' },
        });
      return SUCCESS;
    },
  );
  done();
};
