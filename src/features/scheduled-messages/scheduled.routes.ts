import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { ChatParams, RIGHT_ERRORS, chatDoesNotExist } from '../../changes/index.js';
import { notAuthorized, validationError } from '../../shared/errors.js';
import { PlaceQuery } from '../../shared/place-pages.js';
import { runWhileOpen } from '../../shared/run-while-open.js';
import { Answer, BODY_ERRORS, Ref, bearer, errorAnswers } from '../../shared/schema.js';
import { SUCCESS, Success } from '../../shared/success.js';
import type { Services } from '../feature.js';
import { SEND_ERRORS, SentMessage, THREAD_ERRORS, clientIdTaken, contentsBodyLimit } from '../messages/index.js';
import { scheduledJob } from './scheduled-job.js';
import { noLongerWaiting, scheduledDoesNotExist, tooManyScheduled } from './scheduled.errors.js';
import {
  ChangeScheduled,
  ScheduleMessage,
  ScheduledList,
  ScheduledMessage,
  ScheduledParams,
} from './scheduled.schemas.js';
import { cancelScheduled, changeScheduled, getScheduled, scheduleMessage, sendNow } from './scheduled.service.js';

const INVALID = [validationError, { errors: { send_at: 'must be 60 seconds to 365 days from now' } }] as const;
const INVALID_ID = [validationError, { errors: { scheduled_id: 'must be integer' } }] as const;

export const scheduledRoutes: FastifyPluginCallbackTypebox<Services> = (app, services, done) => {
  const bodyLimit = contentsBodyLimit(services.config.messages);
  runWhileOpen(app, scheduledJob(services));

  app.get(
    '/user/scheduled',
    {
      schema: {
        operationId: 'getScheduledMessages',
        tags: ['Messages'],
        summary: 'List my scheduled messages',
        description: 'For the next page give `next` as `cursor`.',
        security: bearer,
        querystring: PlaceQuery('scheduled messages'),
        response: {
          200: Answer(ScheduledList, 'The page.'),
          ...errorAnswers(notAuthorized, [validationError, { errors: { limit: 'must be <= 500' } }]),
        },
      },
    },
    ({ userId, query }) => getScheduled(services, userId, query),
  );

  app.post(
    '/chat/:chat_id/scheduled',
    {
      bodyLimit,
      schema: {
        operationId: 'scheduleMessage',
        tags: ['Messages'],
        summary: 'Send a message later',
        description:
          'At that time the server sends it in the name of the user, once. Until then nobody else learns of it. Whether the user may write in the ' +
          'chat is asked again then: if not, it has failed, and stays with its `reason` until it is sent or cancelled. Slow mode only delays it. ' +
          'All devices of the user are told of each change (`scheduled.updated`). At most 100 at a time. `closes_at` of a poll must be a minute or more after `send_at`.',
        security: bearer,
        params: ChatParams,
        body: Ref(ScheduleMessage),
        response: {
          200: Answer(ScheduledMessage, 'The scheduled message; of a repeat the one that there is.'),
          ...errorAnswers(
            notAuthorized,
            chatDoesNotExist,
            ...RIGHT_ERRORS,
            ...THREAD_ERRORS,
            clientIdTaken,
            tooManyScheduled,
            INVALID,
            ...BODY_ERRORS,
          ),
        },
      },
    },
    async ({ userId, params, body, apiKey }) => {
      await services.limits.sends.consume(userId);
      return scheduleMessage(services, userId, params.chat_id, body, apiKey?.id);
    },
  );

  app.patch(
    '/scheduled/:scheduled_id',
    {
      bodyLimit,
      schema: {
        operationId: 'changeScheduledMessage',
        tags: ['Messages'],
        summary: 'Change a scheduled message',
        description:
          'Its text, its time, what it answers, or what else it is sent with, as long as it waits or has failed.',
        security: bearer,
        params: ScheduledParams,
        body: Ref(ChangeScheduled),
        response: {
          200: Answer(ScheduledMessage, 'The scheduled message as it is now.'),
          ...errorAnswers(
            notAuthorized,
            scheduledDoesNotExist,
            noLongerWaiting,
            ...RIGHT_ERRORS,
            ...THREAD_ERRORS,
            INVALID,
            ...BODY_ERRORS,
          ),
        },
      },
    },
    ({ userId, params, body }) => changeScheduled(services, userId, params.scheduled_id, body),
  );

  app.delete(
    '/scheduled/:scheduled_id',
    {
      schema: {
        operationId: 'cancelScheduledMessage',
        tags: ['Messages'],
        summary: 'Cancel a scheduled message',
        description: 'It is never sent. Where it is cancelled already nothing happens.',
        security: bearer,
        params: ScheduledParams,
        response: {
          200: Answer(Success, 'It is cancelled.'),
          ...errorAnswers(notAuthorized, scheduledDoesNotExist, noLongerWaiting, INVALID_ID),
        },
      },
    },
    async ({ userId, params }) => {
      await cancelScheduled(services, userId, params.scheduled_id);
      return SUCCESS;
    },
  );

  app.post(
    '/scheduled/:scheduled_id/send',
    {
      schema: {
        operationId: 'sendScheduledMessage',
        tags: ['Messages'],
        summary: 'Send a scheduled message now',
        description:
          'Before its time, or once more after it has failed. When it is refused it stays as it was; one that has failed has the new `reason`.',
        security: bearer,
        params: ScheduledParams,
        response: {
          200: Answer(SentMessage, 'The message, as everyone in the chat sees it.'),
          ...errorAnswers(notAuthorized, scheduledDoesNotExist, noLongerWaiting, ...SEND_ERRORS, ...THREAD_ERRORS, [
            validationError,
            { errors: { 'poll.closes_at': 'must be in the future' } },
          ]),
        },
      },
    },
    async ({ userId, params }) => {
      await services.limits.sends.consume(userId);
      return sendNow(services, userId, params.scheduled_id);
    },
  );
  done();
};
