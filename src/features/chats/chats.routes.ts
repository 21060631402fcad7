import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import type { Database } from '../../database/index.js';
import type { Publisher } from '../../realtime/index.js';
import { notAuthorized, validationError } from '../../shared/errors.js';
import type { Logger } from '../../shared/logger.js';
import { Answer, BODY_ERRORS, Ref, bearer, errorAnswers } from '../../shared/schema.js';
import { clientIdTaken } from '../messages/index.js';
import { ChatParams, chatDoesNotExist } from '../participants/index.js';
import { chatExists, chatWithYourself, userDoesNotExist } from './chats.errors.js';
import {
  ChatList,
  ChatListQuery,
  ChatQuery,
  ChatWithParticipants,
  CreateGroupChat,
  CreatePrivateChat,
  ParticipantList,
  ParticipantListQuery,
} from './chats.schemas.js';
import { getChat, getChats, getParticipants, openGroupChat, openPrivateChat } from './chats.service.js';
import { PendingSweep } from './pending-participants.js';

/** Ten thousand ids fit. */
const GROUP_BODY_LIMIT_BYTES = 256 * 1024;

interface ChatOptions {
  readonly db: Database;
  readonly live: Publisher;
  readonly log: Logger;
}

export const chatRoutes: FastifyPluginCallbackTypebox<ChatOptions> = (app, { db, live, log }, done) => {
  const sweep = new PendingSweep(db, live, log);
  app.addHook('onReady', (ready) => {
    sweep.start();
    ready();
  });
  app.addHook('onClose', () => sweep.stop());

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
        querystring: ChatQuery,
        response: {
          200: Answer(ChatWithParticipants, 'The chat.'),
          ...errorAnswers(notAuthorized, chatDoesNotExist, [
            validationError,
            { errors: { chat_id: 'must be integer' } },
          ]),
        },
      },
    },
    (request) => getChat(db, request.userId, request.params.chat_id, request.query),
  );

  app.get(
    '/chat/:chat_id/participants',
    {
      schema: {
        operationId: 'getParticipants',
        tags: ['Chats'],
        summary: 'List the participants of a chat',
        description:
          'Who takes part in a chat of the user, in order of joining. For the next page give `next` as `cursor`.',
        security: bearer,
        params: ChatParams,
        querystring: ParticipantListQuery,
        response: {
          200: Answer(ParticipantList, 'The page. An empty one is past the end.'),
          ...errorAnswers(notAuthorized, chatDoesNotExist, [validationError, { errors: { limit: 'must be <= 500' } }]),
        },
      },
    },
    (request) => getParticipants(db, request.userId, request.params.chat_id, request.query),
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
    async (request) => {
      await app.rateLimits.chats.consume(request.userId);
      return openPrivateChat(db, live, request.userId, request.body.with_user_id);
    },
  );

  app.post(
    '/chat/group/create',
    {
      // A body of some 100 kB is not read in vain.
      onRequest: (request) => app.rateLimits.people.check(request.userId),
      bodyLimit: GROUP_BODY_LIMIT_BYTES,
      schema: {
        operationId: 'createGroupChat',
        tags: ['Chats'],
        summary: 'Open a group chat',
        description:
          'Opens a group of the user and at least one other. With a `client_id` it may be repeated until it is answered: ' +
          'it is opened once, and a repeat answers with the first one as it is now. The answer names everybody. Beyond the ' +
          'first 500 they join one after the other, within seconds.',
        security: bearer,
        body: Ref(CreateGroupChat),
        response: {
          200: Answer(ChatWithParticipants, 'The chat, which everyone in it sees in their lists at once.'),
          ...errorAnswers(
            notAuthorized,
            [chatWithYourself, { errors: { with_ids: 'This is your own id.' } }],
            [userDoesNotExist, { errors: { with_ids: 'There is no user 7.' } }],
            clientIdTaken,
            chatDoesNotExist,
            [validationError, { errors: { with_ids: 'must NOT have fewer than 1 items' } }],
            ...BODY_ERRORS,
          ),
        },
      },
    },
    async (request) => {
      await app.rateLimits.chats.consume(request.userId);
      await app.rateLimits.people.consume(request.userId, request.body.with_ids.length);
      return openGroupChat(db, live, request.userId, request.body);
    },
  );
  done();
};
