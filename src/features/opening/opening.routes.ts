import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { chatDoesNotExist } from '../../changes/index.js';
import { notAuthorized, validationError } from '../../shared/errors.js';
import { Answer, BODY_ERRORS, Ref, bearer, errorAnswers } from '../../shared/schema.js';
import { ChatWithParticipants } from '../chats/index.js';
import type { Services } from '../feature.js';
import { clientIdTaken, notAcceptingMessages } from '../messages/index.js';
import { userDoesNotExist } from '../participants/index.js';
import { chatExists, chatWithYourself } from './opening.errors.js';
import { CreateGroupChat, CreatePrivateChat } from './opening.schemas.js';
import { openGroupChat, openPrivateChat } from './opening.service.js';

/** Ten thousand ids fit. */
const GROUP_BODY_LIMIT_BYTES = 256 * 1024;

export const openingRoutes: FastifyPluginCallbackTypebox<Services> = (app, services, done) => {
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
            notAcceptingMessages,
            [validationError, { errors: { with_user_id: 'must be integer' } }],
            ...BODY_ERRORS,
          ),
        },
      },
    },
    async (request) => {
      await app.rateLimits.chats.consume(request.userId);
      return openPrivateChat(services, request.userId, request.body.with_user_id);
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
      return openGroupChat(services, request.userId, request.body);
    },
  );
  done();
};
