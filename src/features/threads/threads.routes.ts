import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { notAuthorized, validationError } from '../../shared/errors.js';
import { runWhileOpen } from '../../shared/run-while-open.js';
import { Answer, BODY_ERRORS, Ref, bearer, errorAnswers } from '../../shared/schema.js';
import type { Services } from '../feature.js';
import { MessagePageQuery, MessageParams, askerOf, messageDoesNotExist, threadInThread } from '../messages/index.js';
import { ReadUpTo } from '../reads/index.js';
import { threadJob } from './thread-job.js';
import { OwnThread, ThreadList, ThreadListQuery, ThreadPage } from './threads.schemas.js';
import { followThread, getThread, getThreads, readThread } from './threads.service.js';

const INVALID = [validationError, { errors: { message_id: 'must be integer' } }] as const;
const ERRORS = [notAuthorized, messageDoesNotExist, threadInThread, INVALID] as const;

export const threadRoutes: FastifyPluginCallbackTypebox<Services> = (app, services, done) => {
  runWhileOpen(app, threadJob(services));

  app.get(
    '/user/threads',
    {
      config: { narrowed: { rights: 'read', chats: 'all' } },
      schema: {
        operationId: 'getThreads',
        tags: ['Messages'],
        summary: 'List the threads that I follow',
        description:
          'Threads with replies in chats of the user, that with the latest reply first: of the 1,000 that the user has lately begun to follow, or ' +
          'read. For the next page give `next` as `cursor`.',
        security: bearer,
        querystring: ThreadListQuery,
        response: {
          200: Answer(ThreadList, 'The page. An empty one is past the end.'),
          ...errorAnswers(notAuthorized, [validationError, { errors: { limit: 'must be <= 50' } }]),
        },
      },
    },
    ({ userId, query }) => getThreads(services, userId, query),
  );

  app.get(
    '/message/:message_id/thread',
    {
      config: { narrowed: { rights: 'read', chats: 'filtered' } },
      schema: {
        operationId: 'getThread',
        tags: ['Messages'],
        summary: 'Read a page of a thread',
        description:
          'Messages in the thread of a message, in the order of their ids, with their authors, and without that message itself. A message that ' +
          'nobody has answered in a thread has none. For the next page give `next` as `cursor`.',
        security: bearer,
        params: MessageParams,
        querystring: MessagePageQuery,
        response: { 200: Answer(ThreadPage, 'The page. An empty one is past the end.'), ...errorAnswers(...ERRORS) },
      },
    },
    (request) => getThread(services, askerOf(request), request.params.message_id, request.query),
  );

  app.put(
    '/message/:message_id/thread/follow',
    {
      config: { narrowed: { rights: 'write', chats: 'filtered' } },
      schema: {
        operationId: 'followThread',
        tags: ['Messages'],
        summary: 'Follow a thread',
        description:
          'It is then in `GET /user/threads`, with what is unread in it. Who writes in a thread follows it, and so does the author of the message ' +
          'whose thread it is. Nobody else learns of it.',
        security: bearer,
        params: MessageParams,
        response: { 200: Answer(OwnThread, 'The user follows it.'), ...errorAnswers(...ERRORS) },
      },
    },
    (request) => followThread(services, askerOf(request), request.params.message_id, true),
  );

  app.delete(
    '/message/:message_id/thread/follow',
    {
      config: { narrowed: { rights: 'write', chats: 'filtered' } },
      schema: {
        operationId: 'unfollowThread',
        tags: ['Messages'],
        summary: 'Follow a thread no more',
        description: 'Until the user writes there again. Nothing happens when the user does not follow it.',
        security: bearer,
        params: MessageParams,
        response: { 200: Answer(OwnThread, 'The user does not follow it.'), ...errorAnswers(...ERRORS) },
      },
    },
    (request) => followThread(services, askerOf(request), request.params.message_id, false),
  );

  app.put(
    '/message/:message_id/thread/read',
    {
      config: { narrowed: { rights: 'read', chats: 'filtered' } },
      schema: {
        operationId: 'readThread',
        tags: ['Messages'],
        summary: 'Mark messages of a thread as read',
        description:
          'Moves the mark of the user in the thread on to a message. It never moves back, nor beyond the last message of the thread. The mark in the ' +
          'chat stays where it is.',
        security: bearer,
        params: MessageParams,
        body: Ref(ReadUpTo),
        response: {
          200: Answer(OwnThread, 'How far the user has read there now.'),
          ...errorAnswers(...ERRORS, ...BODY_ERRORS),
        },
      },
    },
    (request) => readThread(services, askerOf(request), request.params.message_id, request.body.message_id),
  );
  done();
};
