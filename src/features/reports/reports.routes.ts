import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { chatDoesNotExist } from '../../changes/index.js';
import { notAuthorized, validationError } from '../../shared/errors.js';
import { Answer, BODY_ERRORS, Ref, bearer, errorAnswers } from '../../shared/schema.js';
import type { Services } from '../feature.js';
import { messageDoesNotExist } from '../messages/index.js';
import { userNotFound } from '../users/index.js';
import { reportYourself } from './reports.errors.js';
import { CreateReport, Report, ReportList, ReportQuery } from './reports.schemas.js';
import { getReports, report } from './reports.service.js';

export const reportRoutes: FastifyPluginCallbackTypebox<Services> = (app, services, done) => {
  const { reportReasons } = services.config;

  app.post(
    '/reports',
    {
      schema: {
        operationId: 'report',
        tags: ['Moderation'],
        summary: 'Report a message, a person or a chat',
        description:
          'Tells the admins. What a message says now is kept for them, whatever becomes of it. Of what the user has reported already nothing ' +
          'new is kept until somebody has dealt with it: the answer is the first report. Nobody who is reported learns of it.',
        security: bearer,
        body: Ref(CreateReport),
        response: {
          200: Answer(Report, 'The report.'),
          ...errorAnswers(
            notAuthorized,
            messageDoesNotExist,
            userNotFound,
            chatDoesNotExist,
            reportYourself,
            [validationError, { errors: { reason: 'must be one of the reasons of this server' } }],
            ...BODY_ERRORS,
          ),
        },
      },
    },
    async (request) => {
      await app.rateLimits.reports.consume(request.userId);
      return report(services, reportReasons, request.userId, request.body);
    },
  );

  app.get(
    '/user/reports',
    {
      schema: {
        operationId: 'getReports',
        tags: ['Moderation'],
        summary: 'What have I reported?',
        description: 'The newest first, and whether somebody has looked at it; and for which reasons one may report.',
        security: bearer,
        querystring: ReportQuery,
        response: {
          200: Answer(ReportList, 'The page. An empty one is past the end.'),
          ...errorAnswers(notAuthorized, [validationError, { errors: { limit: 'must be <= 500' } }]),
        },
      },
    },
    (request) => getReports(services, reportReasons, request.userId, request.query),
  );
  done();
};
