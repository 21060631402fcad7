import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { actorOf } from '../../audit/index.js';
import { validationError } from '../../shared/errors.js';
import { Answer, BODY_ERRORS, Ref, apiKey, bearer, errorAnswers } from '../../shared/schema.js';
import { ADMIN_ERRORS, lastAdmin, ownAccount, pageOf } from '../admin/index.js';
import { notAGroup } from '../chats/index.js';
import type { Services } from '../feature.js';
import { participantDoesNotExist, rankTooLow } from '../participants/index.js';
import { userNotFound } from '../users/index.js';
import {
  AdminReport,
  AdminReportPage,
  AdminReportQuery,
  ReportParams,
  ResolveReport,
} from './admin-reports.schemas.js';
import { claim, resolve } from './admin-reports.service.js';
import { reportClaimed, reportDoesNotExist, reportResolved } from './reports.errors.js';
import { findReports } from './reports.queries.js';

const SECURITY = [...bearer, ...apiKey];
const CLAIM_ERRORS = [...ADMIN_ERRORS, reportDoesNotExist, reportClaimed, reportResolved] as const;

/** Who asks: a user or a key, which have an id. */
function adminOf(request: Parameters<typeof actorOf>[0]) {
  const actor = actorOf(request);
  return { ...actor, id: actor.id ?? 0 };
}

export const adminReportRoutes: FastifyPluginCallbackTypebox<Services> = (app, services, done) => {
  app.get(
    '/admin/reports',
    {
      schema: {
        operationId: 'getReportQueue',
        tags: ['Administration'],
        summary: 'Read the reports',
        description: 'The oldest first. For the next page give `next` as `cursor`.',
        security: SECURITY,
        querystring: AdminReportQuery,
        response: {
          200: Answer(AdminReportPage, 'The page.'),
          ...errorAnswers(...ADMIN_ERRORS, [validationError, { errors: { limit: 'must be <= 100' } }]),
        },
      },
    },
    async ({ query }) => {
      const { page: reports, ...rest } = pageOf(await findReports(services.db, query, query.limit + 1), query.limit);
      return { ...rest, reports };
    },
  );

  app.post(
    '/admin/reports/:report_id/claim',
    {
      schema: {
        operationId: 'claimReport',
        tags: ['Administration'],
        summary: 'Take a report on',
        description: 'For an hour nobody else deals with it.',
        security: SECURITY,
        params: ReportParams,
        response: {
          200: Answer(AdminReport, 'The report.'),
          ...errorAnswers(...CLAIM_ERRORS, [validationError, { errors: { report_id: 'must be integer' } }]),
        },
      },
    },
    (request) => claim(services, adminOf(request), request.params.report_id),
  );

  app.post(
    '/admin/reports/:report_id/resolve',
    {
      schema: {
        operationId: 'resolveReport',
        tags: ['Administration'],
        summary: 'Deal with a report',
        description:
          'Does what is chosen, and then says so. Who has reported learns that somebody has looked at it. A report that nobody has claimed is ' +
          'claimed by it.',
        security: SECURITY,
        params: ReportParams,
        body: Ref(ResolveReport),
        response: {
          200: Answer(AdminReport, 'The report.'),
          ...errorAnswers(
            ...CLAIM_ERRORS,
            notAGroup,
            rankTooLow,
            participantDoesNotExist,
            userNotFound,
            ownAccount,
            lastAdmin,
            [validationError, { errors: { action: "can't be done about a chat" } }],
            ...BODY_ERRORS,
          ),
        },
      },
    },
    (request) => resolve(services, adminOf(request), request.params.report_id, request.body),
  );
  done();
};
