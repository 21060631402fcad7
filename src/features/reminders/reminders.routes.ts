import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { notAuthorized, validationError } from '../../shared/errors.js';
import { runWhileOpen } from '../../shared/run-while-open.js';
import { Answer, BODY_ERRORS, Ref, bearer, errorAnswers } from '../../shared/schema.js';
import { SUCCESS, Success } from '../../shared/success.js';
import type { Services } from '../feature.js';
import { MessageParams, messageDoesNotExist } from '../messages/index.js';
import { reminderJob } from './reminder-job.js';
import { tooManyReminders } from './reminders.errors.js';
import { Reminder, ReminderList, SetReminder } from './reminders.schemas.js';
import { endReminder, getReminders, setReminder } from './reminders.service.js';

export const reminderRoutes: FastifyPluginCallbackTypebox<Services> = (app, services, done) => {
  runWhileOpen(app, reminderJob(services));

  app.get(
    '/user/reminders',
    {
      config: { narrowed: { rights: 'read', chats: 'all' } },
      schema: {
        operationId: 'getReminders',
        tags: ['Messages'],
        summary: 'List my reminders',
        security: bearer,
        response: {
          200: Answer(ReminderList, 'The reminders that wait or are due.'),
          ...errorAnswers(notAuthorized),
        },
      },
    },
    (request) => getReminders(services, request.userId),
  );

  app.put(
    '/message/:message_id/reminder',
    {
      schema: {
        operationId: 'setReminder',
        tags: ['Messages'],
        summary: 'Be reminded of a message',
        description:
          'At that time all devices of the user are told (`reminder.due`), once, unless the user cannot see the message any more. ' +
          'Nobody else learns of it. There is one reminder for each message: another time takes its place. At most 100 at a time.',
        security: bearer,
        params: MessageParams,
        body: Ref(SetReminder),
        response: {
          200: Answer(Reminder, 'The reminder.'),
          ...errorAnswers(
            notAuthorized,
            messageDoesNotExist,
            tooManyReminders,
            [validationError, { errors: { remind_at: 'must match format "date-time"' } }],
            ...BODY_ERRORS,
          ),
        },
      },
    },
    ({ userId, params, body }) => setReminder(services, userId, params.message_id, body.remind_at),
  );

  app.delete(
    '/message/:message_id/reminder',
    {
      schema: {
        operationId: 'endReminder',
        tags: ['Messages'],
        summary: 'Dismiss a reminder',
        description: 'One that waits, or that is due; on all devices of the user. Where there is none nothing happens.',
        security: bearer,
        params: MessageParams,
        response: {
          200: Answer(Success, 'There is no reminder of the message any more.'),
          ...errorAnswers(notAuthorized, [validationError, { errors: { message_id: 'must be integer' } }]),
        },
      },
    },
    async ({ userId, params }) => {
      await endReminder(services, userId, params.message_id);
      return SUCCESS;
    },
  );
  done();
};
