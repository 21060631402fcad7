import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { ChatParams, RESTRICTED, RIGHT_ERRORS, chatDoesNotExist } from '../../changes/index.js';
import { notAuthorized, validationError } from '../../shared/errors.js';
import { Answer, BODY_ERRORS, Ref, bearer, errorAnswers } from '../../shared/schema.js';
import { SUCCESS, Success } from '../../shared/success.js';
import { changedMeanwhile } from '../users/index.js';
import type { Services } from '../feature.js';
import { askerOf } from './asker-of.js';
import {
  chatFrozen,
  editWindowOver,
  messageDoesNotExist,
  notAcceptingMessages,
  notTheOwner,
} from './messages.errors.js';
import {
  ChangeMessage,
  ChatPageQuery,
  DeleteMessageQuery,
  EXAMPLE_MESSAGE,
  FoundMessage,
  MessagePage,
  MessageParams,
  SendMessage,
  SentMessage,
  contentsBodyLimit,
} from './messages.schemas.js';
import { changeMessage, deleteMessage, getMessage, getMessages, sendMessage } from './messages.service.js';
import { FILTERED, SEND_ERRORS, THREAD_ERRORS } from './send-errors.js';

const CHANGED = [changedMeanwhile, { current: EXAMPLE_MESSAGE }] as const;

export const messageRoutes: FastifyPluginCallbackTypebox<Services> = (app, services, done) => {
  const bodyLimit = contentsBodyLimit(services.config.messages);

  app.post(
    '/chat/:chat_id/message',
    {
      bodyLimit,
      config: { narrowed: { rights: 'write', chats: 'named' } },
      schema: {
        operationId: 'sendMessage',
        tags: ['Messages'],
        summary: 'Send a message',
        description:
          'Adds a message to a chat of the user. When it has been answered it is kept. With a `client_id` it may be ' +
          'repeated until it is answered: it is sent once, and a repeat answers with the first one.',
        security: bearer,
        params: ChatParams,
        body: Ref(SendMessage),
        response: {
          200: Answer(SentMessage, 'The message, as everyone in the chat sees it.'),
          ...errorAnswers(
            notAuthorized,
            ...SEND_ERRORS,
            ...THREAD_ERRORS,
            [validationError, { errors: { contents: 'must NOT have fewer than 1 characters' } }],
            ...BODY_ERRORS,
          ),
        },
      },
    },
    async (request) => {
      await app.rateLimits.sends.consume(request.userId);
      const { userId, params, body, apiKey } = request;
      return sendMessage(services, userId, params.chat_id, body, apiKey && { keyId: apiKey.id });
    },
  );

  app.get(
    '/chat/:chat_id/messages',
    {
      config: { narrowed: { rights: 'read', chats: 'named' } },
      schema: {
        operationId: 'getMessages',
        tags: ['Messages'],
        summary: 'Read a page of messages',
        description:
          'Messages of a chat of the user, in the order of their ids, with their authors. ' +
          'For the next page give `next` as `cursor`, which is the id of the last message.',
        security: bearer,
        params: ChatParams,
        querystring: ChatPageQuery,
        response: {
          200: Answer(MessagePage, 'The page. An empty one is past the end.'),
          ...errorAnswers(notAuthorized, chatDoesNotExist, [validationError, { errors: { limit: 'must be <= 100' } }]),
        },
      },
    },
    (request) => getMessages(services, request.userId, request.params.chat_id, request.query),
  );

  app.get(
    '/message/:message_id',
    {
      config: { narrowed: { rights: 'read', chats: 'filtered' } },
      schema: {
        operationId: 'getMessage',
        tags: ['Messages'],
        summary: 'Read a message',
        description: 'A message of any chat of the user, such as one that another one answers.',
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
    (request) => getMessage(services, askerOf(request), request.params.message_id),
  );

  app.patch(
    '/message/:message_id',
    {
      bodyLimit,
      config: { narrowed: { rights: 'write', chats: 'filtered' } },
      schema: {
        operationId: 'changeMessage',
        tags: ['Messages'],
        summary: 'Edit a message',
        description:
          'Gives a message of the user other contents, and what else is given; the rest stays. When all is the same nothing happens. With `if_version`, and a `client_id`, it may be ' +
          'repeated until it is answered, and never overwrites what is newer: that is 409 `CHANGED_MEANWHILE`, with the message in ' +
          '`details.current`.',
        security: bearer,
        params: MessageParams,
        body: Ref(ChangeMessage),
        response: {
          200: Answer(SentMessage, 'The message, as everyone in the chat sees it now.'),
          ...errorAnswers(
            notAuthorized,
            notTheOwner,
            messageDoesNotExist,
            notAcceptingMessages,
            ...RIGHT_ERRORS,
            chatFrozen,
            editWindowOver,
            FILTERED,
            CHANGED,
            [validationError, { errors: { contents: 'must NOT have fewer than 1 characters' } }],
            ...BODY_ERRORS,
          ),
        },
      },
    },
    (request) => changeMessage(services, askerOf(request), request.params.message_id, request.body),
  );

  app.delete(
    '/message/:message_id',
    {
      config: { narrowed: { rights: 'write', chats: 'filtered' } },
      schema: {
        operationId: 'deleteMessage',
        tags: ['Messages'],
        summary: 'Delete a message',
        description:
          'Removes a message for everyone in the chat: one of the user, or in a group one of others with the right `delete_any`.',
        security: bearer,
        params: MessageParams,
        querystring: DeleteMessageQuery,
        response: {
          200: Answer(Success, 'The message is gone.'),
          ...errorAnswers(notAuthorized, notTheOwner, RESTRICTED, messageDoesNotExist, CHANGED, [
            validationError,
            { errors: { message_id: 'must be integer' } },
          ]),
        },
      },
    },
    async (request) => {
      await deleteMessage(services, askerOf(request), request.params.message_id, request.query.if_version);
      return SUCCESS;
    },
  );
  done();
};
