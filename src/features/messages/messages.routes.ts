import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import type { Database } from '../../database/index.js';
import { notAuthorized, validationError } from '../../shared/errors.js';
import { Answer, BODY_ERRORS, Id, Ref, bearer, errorAnswers } from '../../shared/schema.js';
import { SUCCESS, Success } from '../../shared/success.js';
import { ChatParams, chatDoesNotExist } from '../participants/index.js';
import { messageDoesNotExist, notTheOwner } from './messages.errors.js';
import { Message, MessagePage, MessagePageQuery, SendMessage } from './messages.schemas.js';
import { deleteMessage, getMessages, sendMessage } from './messages.service.js';

export const messageRoutes: FastifyPluginCallbackTypebox<{ db: Database }> = (app, { db }, done) => {
  app.post(
    '/chat/:chat_id/message',
    {
      schema: {
        operationId: 'sendMessage',
        tags: ['Messages'],
        summary: 'Send a message',
        description: 'Adds a message to a chat of the user. When it has been answered it is kept.',
        security: bearer,
        params: ChatParams,
        body: Ref(SendMessage),
        response: {
          200: Answer(Message, 'The message, as everyone in the chat sees it.'),
          ...errorAnswers(
            notAuthorized,
            chatDoesNotExist,
            [validationError, { errors: { contents: 'must NOT have fewer than 1 characters' } }],
            ...BODY_ERRORS,
          ),
        },
      },
    },
    (request) => sendMessage(db, request.userId, request.params.chat_id, request.body.contents),
  );

  app.get(
    '/chat/:chat_id/messages',
    {
      schema: {
        operationId: 'getMessages',
        tags: ['Messages'],
        summary: 'Read a page of messages',
        description:
          'Messages of a chat of the user, in the order of their ids, with their authors. ' +
          'For the next page give the id of the last message as `cursor`.',
        security: bearer,
        params: ChatParams,
        querystring: MessagePageQuery,
        response: {
          200: Answer(MessagePage, 'The page. An empty one is past the end.'),
          ...errorAnswers(notAuthorized, chatDoesNotExist, [validationError, { errors: { limit: 'must be <= 100' } }]),
        },
      },
    },
    (request) => getMessages(db, request.userId, request.params.chat_id, request.query),
  );

  app.delete(
    '/message/:message_id',
    {
      schema: {
        operationId: 'deleteMessage',
        tags: ['Messages'],
        summary: 'Delete a message',
        description: 'Removes a message of the user for everyone in the chat.',
        security: bearer,
        params: Type.Object({ message_id: Id('The message.') }),
        response: {
          200: Answer(Success, 'The message is gone.'),
          ...errorAnswers(notAuthorized, notTheOwner, messageDoesNotExist, [
            validationError,
            { errors: { message_id: 'must be integer' } },
          ]),
        },
      },
    },
    async (request) => {
      await deleteMessage(db, request.userId, request.params.message_id);
      return SUCCESS;
    },
  );
  done();
};
