import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { noMail } from '../../mail/index.js';
import { notAuthorized, tooManyRequests, validationError } from '../../shared/errors.js';
import { Answer, BODY_ERRORS, Ref, bearer, errorAnswers } from '../../shared/schema.js';
import { SUCCESS, Success } from '../../shared/success.js';
import type { Services } from '../feature.js';
import { alreadyConfirmed, invalidCode, noEmail } from './email.errors.js';
import { ConfirmEmail } from './email.schemas.js';
import { confirmEmail, sendConfirmation } from './email.service.js';

export const emailRoutes: FastifyPluginCallbackTypebox<Services> = (app, { db, mailer, limits }, done) => {
  app.post(
    '/user/email/confirmation',
    {
      schema: {
        operationId: 'sendEmailConfirmation',
        tags: ['Authentication'],
        summary: 'Send me the code again',
        description:
          'Sends another mail with a code, as registering has done; at most five an hour. Codes that were sent before stay good.',
        security: bearer,
        response: {
          200: Answer(Success, 'The mail is on its way.'),
          ...errorAnswers(noMail, noEmail, alreadyConfirmed, notAuthorized, tooManyRequests),
        },
      },
    },
    async (request) => {
      await sendConfirmation({ db, mailer, limit: limits.confirmationMails }, request.userId);
      return SUCCESS;
    },
  );
  done();
};

export const openEmailRoutes: FastifyPluginCallbackTypebox<Services> = (app, services, done) => {
  app.post(
    '/email/confirm',
    {
      schema: {
        operationId: 'confirmEmail',
        tags: ['Authentication'],
        summary: 'Confirm an e-mail address',
        description:
          'Confirms the address that the code was sent to. A code works once, within 24 hours, while its user has the address. ' +
          'The code that `POST /user/email` has sent makes the address that of its user.',
        security: [],
        body: Ref(ConfirmEmail),
        response: {
          200: Answer(Success, 'The address is confirmed.'),
          ...errorAnswers(
            invalidCode,
            [validationError, { errors: { token: 'must NOT have fewer than 1 characters' } }],
            tooManyRequests,
            ...BODY_ERRORS,
          ),
        },
      },
    },
    async (request) => {
      const { network } = request;
      const from = { network, address: request.ip, limit: services.limits.codeFailures };
      await confirmEmail(services, request.body.token, from);
      return SUCCESS;
    },
  );
  done();
};
