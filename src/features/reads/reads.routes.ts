import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { ChatParams, chatDoesNotExist } from '../../changes/index.js';
import { notAuthorized, validationError } from '../../shared/errors.js';
import { Answer, BODY_ERRORS, Ref, bearer, errorAnswers } from '../../shared/schema.js';
import type { Services } from '../feature.js';
import { ReadMark, ReadUpTo } from './reads.schemas.js';
import { markUnread, readChat } from './reads.service.js';

export const readRoutes: FastifyPluginCallbackTypebox<Services> = (app, services, done) => {
  app.post(
    '/chat/:chat_id/read',
    {
      config: { narrowed: { rights: 'read', chats: 'named' } },
      schema: {
        operationId: 'readChat',
        tags: ['Chats'],
        summary: 'Mark messages as read',
        description:
          'Moves the mark of the user on to a message. It never moves back, nor beyond the newest message. The chat is not ' +
          'marked as unread any more.',
        security: bearer,
        params: ChatParams,
        body: Ref(ReadUpTo),
        response: {
          200: Answer(ReadMark, 'How far the user has read now.'),
          ...errorAnswers(
            notAuthorized,
            chatDoesNotExist,
            [validationError, { errors: { message_id: 'must be integer' } }],
            ...BODY_ERRORS,
          ),
        },
      },
    },
    (request) => readChat(services, request.userId, request.params.chat_id, request.body.message_id),
  );

  app.post(
    '/chat/:chat_id/unread',
    {
      config: { narrowed: { rights: 'read', chats: 'named' } },
      schema: {
        operationId: 'markChatUnread',
        tags: ['Chats'],
        summary: 'Mark a chat as unread',
        description:
          'Shows the chat as unread on all devices of the user (`chat.read_mark`), until they read or write there. How far they ' +
          'have read stays.',
        security: bearer,
        params: ChatParams,
        response: {
          200: Answer(ReadMark, 'How far the user has read.'),
          ...errorAnswers(notAuthorized, chatDoesNotExist, [
            validationError,
            { errors: { chat_id: 'must be integer' } },
          ]),
        },
      },
    },
    (request) => markUnread(services, request.userId, request.params.chat_id),
  );
  done();
};
