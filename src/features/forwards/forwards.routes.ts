import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { ChatParams } from '../../changes/index.js';
import { notAuthorized, validationError } from '../../shared/errors.js';
import { Answer, BODY_ERRORS, Ref, bearer, errorAnswers } from '../../shared/schema.js';
import type { Services } from '../feature.js';
import {
  FoundMessage,
  MessageParams,
  SEND_ERRORS,
  SentMessage,
  askerOf,
  messageDoesNotExist,
} from '../messages/index.js';
import { forwardingForbidden } from './forwards.errors.js';
import { ForwardMessage } from './forwards.schemas.js';
import { forwardMessage, getSource } from './forwards.service.js';

export const forwardRoutes: FastifyPluginCallbackTypebox<Services> = (app, services, done) => {
  app.post(
    '/chat/:chat_id/forward',
    {
      config: { narrowed: { rights: 'write', chats: 'named' } },
      schema: {
        operationId: 'forwardMessage',
        tags: ['Messages'],
        summary: 'Forward a message to this chat',
        description:
          'Sends a copy of the text of a message that the user sees, with `forwarded`. With a `client_id` it may be repeated until it is answered. It ' +
          'counts as a send (`RATE_LIMIT_SENDS`).',
        security: bearer,
        params: ChatParams,
        body: Ref(ForwardMessage),
        response: {
          200: Answer(SentMessage, 'The copy, as everyone in the chat sees it.'),
          ...errorAnswers(
            notAuthorized,
            messageDoesNotExist,
            forwardingForbidden,
            ...SEND_ERRORS,
            [validationError, { errors: { message_id: 'must be integer' } }],
            ...BODY_ERRORS,
          ),
        },
      },
    },
    async (request) => {
      await app.rateLimits.sends.consume(request.userId);
      return forwardMessage(services, askerOf(request), request.params.chat_id, request.body, request.apiKey?.id);
    },
  );

  app.get(
    '/message/:message_id/source',
    {
      config: { narrowed: { rights: 'read', chats: 'filtered' } },
      schema: {
        operationId: 'getForwardedMessage',
        tags: ['Messages'],
        summary: 'Read the message that was forwarded',
        description: 'The message of which this one is a copy, for those who see both.',
        security: bearer,
        params: MessageParams,
        response: {
          200: Answer(FoundMessage, 'The message, the chat that it is in, and its author.'),
          ...errorAnswers(notAuthorized, messageDoesNotExist, [
            validationError,
            { errors: { message_id: 'must be integer' } },
          ]),
        },
      },
    },
    (request) => getSource(services, askerOf(request), request.params.message_id),
  );
  done();
};
