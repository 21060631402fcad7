import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import type { Database } from '../../database/index.js';
import type { Publisher } from '../../realtime/index.js';
import { notAuthorized, validationError } from '../../shared/errors.js';
import { Answer, BODY_ERRORS, Ref, bearer, errorAnswers } from '../../shared/schema.js';
import { ChatParams, chatDoesNotExist } from '../participants/index.js';
import { chatExists, chatWithYourself, userDoesNotExist } from './chats.errors.js';
import { ChatList, ChatListQuery, ChatWithParticipants, CreateGroupChat, CreatePrivateChat } from './chats.schemas.js';
import { getChat, getChats, openGroupChat, openPrivateChat } from './chats.service.js';

export const chatRoutes: FastifyPluginCallbackTypebox<{ db: Database; live: Publisher }> = (
  app,
  { db, live },
  done,
) => {
  app.get(
    '/user/chats',
    {
      schema: {
        operationId: 'getChats',
        tags: ['Chats'],
        summary: 'List my chats',
        description:
          'The chats of the user, the most recently active first. A chat is active when its last message is sent, ' +
          'or when it is opened while it has none. For the next page give `next` as `cursor`, unless `has_more` is false.',
        security: bearer,
        querystring: ChatListQuery,
        response: {
          200: Answer(ChatList, 'The page. An empty one is past the end.'),
          ...errorAnswers(notAuthorized, [validationError, { errors: { cursor: 'must be the "next" of a page' } }]),
        },
      },
    },
    (request) => getChats(db, request.userId, request.query),
  );

  app.get(
    '/chat/:chat_id',
    {
      schema: {
        operationId: 'getChat',
        tags: ['Chats'],
        summary: 'Look at a chat',
        description: 'A chat in which the user takes part, with its participants.',
        security: bearer,
        params: ChatParams,
        response: {
          200: Answer(ChatWithParticipants, 'The chat.'),
          ...errorAnswers(notAuthorized, chatDoesNotExist, [
            validationError,
            { errors: { chat_id: 'must be integer' } },
          ]),
        },
      },
    },
    (request) => getChat(db, request.userId, request.params.chat_id),
  );

  app.post(
    '/chat/private/create',
    {
      schema: {
        operationId: 'createPrivateChat',
        tags: ['Chats'],
        summary: 'Open a private chat',
        description: 'Opens the one private chat that the user can have with another.',
        security: bearer,
        body: Ref(CreatePrivateChat),
        response: {
          200: Answer(ChatWithParticipants, 'The chat, which both see in their lists at once.'),
          ...errorAnswers(
            notAuthorized,
            [chatWithYourself, { errors: { with_user_id: 'This is your own id.' } }],
            [userDoesNotExist, { errors: { with_user_id: 'There is no user 7.' } }],
            [chatExists, { chat_id: 6 }],
            [validationError, { errors: { with_user_id: 'must be integer' } }],
            ...BODY_ERRORS,
          ),
        },
      },
    },
    (request) => openPrivateChat(db, live, request.userId, request.body.with_user_id),
  );

  app.post(
    '/chat/group/create',
    {
      schema: {
        operationId: 'createGroupChat',
        tags: ['Chats'],
        summary: 'Open a group chat',
        description: 'Opens a group of the user and at least one other.',
        security: bearer,
        body: Ref(CreateGroupChat),
        response: {
          200: Answer(ChatWithParticipants, 'The chat, which everyone in it sees in their lists at once.'),
          ...errorAnswers(
            notAuthorized,
            [chatWithYourself, { errors: { with_ids: 'This is your own id.' } }],
            [userDoesNotExist, { errors: { with_ids: 'There is no user 7.' } }],
            [validationError, { errors: { with_ids: 'must NOT have fewer than 1 items' } }],
            ...BODY_ERRORS,
          ),
        },
      },
    },
    (request) => openGroupChat(db, live, request.userId, request.body.with_ids, request.body.name),
  );
  done();
};
