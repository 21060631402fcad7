import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { noMail } from '../../mail/index.js';
import { notAuthorized, tooManyRequests, validationError } from '../../shared/errors.js';
import { Answer, BODY_ERRORS, Ref, bearer, errorAnswers } from '../../shared/schema.js';
import { SUCCESS, Success } from '../../shared/success.js';
import { normalizeNamesOfBody, wrongCredentials } from '../auth/index.js';
import type { Services } from '../feature.js';
import { ChangeEmail } from './email-change.schemas.js';
import { askForEmail } from './email-change.service.js';

export const emailChangeRoutes: FastifyPluginCallbackTypebox<Services> = (app, services, done) => {
  const { security } = services;

  app.addHook('preValidation', normalizeNamesOfBody);

  app.post(
    '/user/email',
    {
      schema: {
        operationId: 'changeEmail',
        tags: ['Authentication'],
        summary: 'Change my e-mail address',
        description:
          'Sends a code to the new address, at most five an hour. The address changes when the code comes back by ' +
          '`POST /email/confirm`, and the old one is told. Only the newest code is good, for 24 hours.',
        security: bearer,
        body: Ref(ChangeEmail),
        response: {
          200: Answer(Success, 'The mail is on its way.'),
          ...errorAnswers(
            noMail,
            notAuthorized,
            wrongCredentials,
            [validationError, { errors: { email: 'must match format "email"' } }],
            tooManyRequests,
            ...BODY_ERRORS,
          ),
        },
      },
    },
    async (request) => {
      const { userId, network, body } = request;
      await askForEmail(services, { userId, network }, body);
      security.record('email_change_requested', { reqId: request.id, address: request.ip, account_id: userId });
      return SUCCESS;
    },
  );
  done();
};
