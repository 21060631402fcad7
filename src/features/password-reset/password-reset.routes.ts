import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { noMail } from '../../mail/index.js';
import { tooManyRequests, validationError } from '../../shared/errors.js';
import { Answer, BODY_ERRORS, Ref, errorAnswers } from '../../shared/schema.js';
import { runWhileOpen } from '../../shared/run-while-open.js';
import { SUCCESS, Success } from '../../shared/success.js';
import { normalizeNamesOfBody } from '../auth/index.js';
import { invalidCode } from '../email/index.js';
import type { Services } from '../feature.js';
import { ForgottenPassword, ResetPassword } from './password-reset.schemas.js';
import { askForReset, resetPassword } from './password-reset.service.js';
import { resetRequests } from './reset-requests.js';

export const passwordResetRoutes: FastifyPluginCallbackTypebox<Services> = (app, services, done) => {
  const { db, mailer, log, security } = services;
  if (mailer) runWhileOpen(app, resetRequests(db, mailer, log));

  app.addHook('preValidation', normalizeNamesOfBody);

  app.post(
    '/password/forgot',
    {
      schema: {
        operationId: 'forgotPassword',
        tags: ['Authentication'],
        summary: 'I have forgotten my password',
        description:
          'Sends a mail with a code, at most five an hour to one address, if it is the address of an account with a password. ' +
          'The answer is the same for every address.',
        security: [],
        body: Ref(ForgottenPassword),
        response: {
          200: Answer(Success, 'If there is such an account, the mail is on its way.'),
          ...errorAnswers(
            noMail,
            [validationError, { errors: { email: 'must match format "email"' } }],
            tooManyRequests,
            ...BODY_ERRORS,
          ),
        },
      },
    },
    async (request) => {
      await askForReset(services, request.body.email, request.network);
      security.record('password_reset_requested', { reqId: request.id, address: request.ip });
      return SUCCESS;
    },
  );

  app.post(
    '/password/reset',
    {
      schema: {
        operationId: 'resetPassword',
        tags: ['Authentication'],
        summary: 'Choose another password',
        description:
          'Gives the account another password, with the code of the mail: once, within an hour, while its user has the address. Everything ' +
          'that the user is logged in with ends.',
        security: [],
        body: Ref(ResetPassword),
        response: {
          200: Answer(Success, 'The password has been changed.'),
          ...errorAnswers(
            invalidCode,
            [validationError, { errors: { password: 'must NOT have fewer than 8 characters' } }],
            tooManyRequests,
            ...BODY_ERRORS,
          ),
        },
      },
    },
    async (request) => {
      const { network, ip: address } = request;
      const userId = await resetPassword(services, request.body, { network, address });
      security.record('password_reset', { reqId: request.id, address, account_id: userId });
      return SUCCESS;
    },
  );
  done();
};
