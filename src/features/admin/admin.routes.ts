import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { actorOf } from '../../audit/index.js';
import { validationError } from '../../shared/errors.js';
import { runWhileOpen } from '../../shared/run-while-open.js';
import { Answer, BODY_ERRORS, Ref, apiKey, bearer, errorAnswers } from '../../shared/schema.js';
import { SUCCESS, Success } from '../../shared/success.js';
import type { Services } from '../feature.js';
import { userNotFound } from '../users/index.js';
import { AdminUser, AdminUserPage, AdminUserParams, AdminUserQuery, Suspend } from './admin-users.schemas.js';
import { ADMIN_ERRORS, lastAdmin, ownAccount } from './admin.errors.js';
import { findUsers } from './admin.queries.js';
import { findEntries } from './audit-log.queries.js';
import { AuditLogPage, AuditLogQuery } from './audit-log.schemas.js';
import { pageOf } from './page.js';
import { suspensionJob } from './suspension-job.js';
import { getUser, logOut, restore, suspend } from './suspension.service.js';

const SECURITY = [...bearer, ...apiKey];
const INVALID = [validationError, { errors: { user_id: 'must be integer' } }] as const;

export const adminRoutes: FastifyPluginCallbackTypebox<Services> = (app, services, done) => {
  const { db } = services;
  runWhileOpen(app, suspensionJob(services));

  app.get(
    '/admin/users',
    {
      schema: {
        operationId: 'findUsers',
        tags: ['Administration'],
        summary: 'Find users',
        description: 'All users, or those who are called so. For the next page give `next` as `cursor`.',
        security: SECURITY,
        querystring: AdminUserQuery,
        response: {
          200: Answer(AdminUserPage, 'The page.'),
          ...errorAnswers(...ADMIN_ERRORS, [validationError, { errors: { limit: 'must be <= 100' } }]),
        },
      },
    },
    async ({ query }) => {
      const { page: users, ...rest } = pageOf(await findUsers(db, query, query.limit + 1), query.limit);
      return { ...rest, users };
    },
  );

  app.get(
    '/admin/users/:user_id',
    {
      schema: {
        operationId: 'getUserAsAdmin',
        tags: ['Administration'],
        summary: 'Look at an account',
        description: 'A user, with what only admins may see.',
        security: SECURITY,
        params: AdminUserParams,
        response: { 200: Answer(AdminUser, 'The user.'), ...errorAnswers(...ADMIN_ERRORS, userNotFound, INVALID) },
      },
    },
    ({ params }) => getUser(services, params.user_id),
  );

  app.post(
    '/admin/users/:user_id/suspend',
    {
      schema: {
        operationId: 'suspendUser',
        tags: ['Administration'],
        summary: 'Suspend a user',
        description:
          'Nobody can use the account until it is restored. On all nodes within a second: requests are refused with ' +
          '`USER_SUSPENDED`, sockets and streams closed. All sessions and tokens end for good. A suspended user stays as they are. With `until` it ends by itself.',
        security: SECURITY,
        params: AdminUserParams,
        body: Ref(Suspend),
        response: {
          200: Answer(AdminUser, 'The user, who is suspended.'),
          ...errorAnswers(
            ...ADMIN_ERRORS,
            ownAccount,
            userNotFound,
            lastAdmin,
            [validationError, { errors: { reason: 'must NOT have more than 500 characters' } }],
            ...BODY_ERRORS,
          ),
        },
      },
    },
    (request) => suspend(services, actorOf(request), request.params.user_id, request.body),
  );

  app.post(
    '/admin/users/:user_id/restore',
    {
      schema: {
        operationId: 'restoreUser',
        tags: ['Administration'],
        summary: 'Restore a suspended user',
        description: 'The user can log in again. What was issued before that stays refused.',
        security: SECURITY,
        params: AdminUserParams,
        response: {
          200: Answer(AdminUser, 'The user, who is not suspended.'),
          ...errorAnswers(...ADMIN_ERRORS, userNotFound, INVALID),
        },
      },
    },
    (request) => restore(services, actorOf(request), request.params.user_id),
  );

  app.post(
    '/admin/users/:user_id/logout',
    {
      schema: {
        operationId: 'logOutUser',
        tags: ['Administration'],
        summary: 'End all sessions and tokens of a user',
        description: 'On all nodes within a second. The user can log in again.',
        security: SECURITY,
        params: AdminUserParams,
        response: {
          200: Answer(Success, 'They have ended.'),
          ...errorAnswers(...ADMIN_ERRORS, userNotFound, INVALID),
        },
      },
    },
    async (request) => {
      await logOut(services, actorOf(request), request.params.user_id);
      return SUCCESS;
    },
  );

  app.get(
    '/admin/audit-log',
    {
      schema: {
        operationId: 'getAuditLog',
        tags: ['Administration'],
        summary: 'Read the audit log',
        description: 'Who has done what to accounts, keys and chats. Nothing in it is ever changed or deleted.',
        security: SECURITY,
        querystring: AuditLogQuery,
        response: { 200: Answer(AuditLogPage, 'The page.'), ...errorAnswers(...ADMIN_ERRORS, INVALID) },
      },
    },
    async ({ query }) => {
      const { page: entries, ...rest } = pageOf(await findEntries(db, query, query.limit + 1), query.limit);
      return { ...rest, entries };
    },
  );
  done();
};
