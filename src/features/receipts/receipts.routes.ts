import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { ChatParams, chatDoesNotExist } from '../../changes/index.js';
import { notAuthorized, validationError } from '../../shared/errors.js';
import { Answer, BODY_ERRORS, Ref, bearer, errorAnswers } from '../../shared/schema.js';
import type { Services } from '../feature.js';
import { MessageParams, askerOf, messageDoesNotExist } from '../messages/index.js';
import { receiptsOff } from './receipts.errors.js';
import { DeliveredMark, DeliveredUpTo, Receipts } from './receipts.schemas.js';
import { getReceipts, markDelivered } from './receipts.service.js';

const INVALID = [validationError, { errors: { message_id: 'must be integer' } }] as const;

export const receiptRoutes: FastifyPluginCallbackTypebox<Services> = (app, services, done) => {
  app.post(
    '/chat/:chat_id/delivered',
    {
      config: { narrowed: { rights: 'read', chats: 'named' } },
      schema: {
        operationId: 'markDelivered',
        tags: ['Messages'],
        summary: 'Say which messages have been received',
        description:
          'Up to which message a device of the user has all of a chat. The mark never moves back, nor beyond the newest message; what has been ' +
          'read has been received. Say it once a second at the most in chats of up to 100 people, and once in 30 seconds in larger ones.',
        security: bearer,
        params: ChatParams,
        body: Ref(DeliveredUpTo),
        response: {
          200: Answer(DeliveredMark, 'Up to which message the user has received all.'),
          ...errorAnswers(notAuthorized, chatDoesNotExist, INVALID, ...BODY_ERRORS),
        },
      },
    },
    (request) => markDelivered(services, request.userId, request.params.chat_id, request.body.message_id),
  );

  app.get(
    '/message/:message_id/receipts',
    {
      config: { narrowed: { rights: 'read', chats: 'filtered' } },
      schema: {
        operationId: 'getReceipts',
        tags: ['Messages'],
        summary: 'Read who has received a message',
        description:
          'Who has received a message and who has read it: by name in chats of at most 100 people, and how many in chats of at most 10,000. ' +
          'Those who do not show it (`shows_receipts`) are left out, and see it of nobody.',
        security: bearer,
        params: MessageParams,
        response: {
          200: Answer(Receipts, 'As it is now.'),
          ...errorAnswers(notAuthorized, messageDoesNotExist, receiptsOff, INVALID),
        },
      },
    },
    (request) => getReceipts(services, askerOf(request), request.params.message_id),
  );
  done();
};
