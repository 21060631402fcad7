import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { ChatParams, RIGHT_ERRORS, chatDoesNotExist } from '../../changes/index.js';
import { notAuthorized, validationError } from '../../shared/errors.js';
import { Answer, BODY_ERRORS, Ref, bearer, errorAnswers } from '../../shared/schema.js';
import type { Services } from '../feature.js';
import { notAGroup, notTheCreator, publicGroupsOff } from './chats.errors.js';
import {
  ChangeChat,
  ChangeChatSettings,
  ChatList,
  ChatListQuery,
  ChatQuery,
  ChatSettings,
  ChatWithParticipants,
} from './chats.schemas.js';
import { changeChat, getChat, getChats, requirePublicAllowed } from './chats.service.js';
import { changeSettings } from './settings.service.js';

export const chatRoutes: FastifyPluginCallbackTypebox<Services> = (app, services, done) => {
  app.get(
    '/user/chats',
    {
      config: { narrowed: { rights: 'read', chats: 'filtered' } },
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
    ({ userId, identity, query }) => getChats(services, userId, query, identity?.narrowing?.chats),
  );

  app.get(
    '/chat/:chat_id',
    {
      config: { narrowed: { rights: 'read', chats: 'named' } },
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
    (request) => getChat(services, request.userId, request.params.chat_id, request.query),
  );

  app.patch(
    '/chat/:chat_id',
    {
      config: { narrowed: { rights: 'write', chats: 'named' } },
      schema: {
        operationId: 'changeChat',
        tags: ['Chats'],
        summary: 'Change a group',
        description:
          'Changes what is given about a group of the user and leaves the rest. What is the same already changes nothing.',
        security: bearer,
        params: ChatParams,
        querystring: ChatQuery,
        body: Ref(ChangeChat),
        response: {
          200: Answer(ChatWithParticipants, 'The chat.'),
          ...errorAnswers(
            notAuthorized,
            chatDoesNotExist,
            notAGroup,
            notTheCreator,
            ...RIGHT_ERRORS,
            publicGroupsOff,
            [validationError, { errors: { name: 'must be string' } }],
            ...BODY_ERRORS,
          ),
        },
      },
    },
    ({ userId, params, query, body }) => {
      requirePublicAllowed(services.config, body);
      return changeChat(services, userId, params.chat_id, body, query);
    },
  );

  app.patch(
    '/chat/:chat_id/settings',
    {
      config: { narrowed: { rights: 'write', chats: 'named' } },
      schema: {
        operationId: 'changeChatSettings',
        tags: ['Chats'],
        summary: 'Mute, pin or archive a chat, and choose its notifications',
        description:
          'Changes what a chat of the user is to them alone, on all of their devices. What is not given stays as it is. ' +
          'With the settings that it has nothing happens.',
        security: bearer,
        params: ChatParams,
        body: Ref(ChangeChatSettings),
        response: {
          200: Answer(ChatSettings, 'The settings.'),
          ...errorAnswers(
            notAuthorized,
            chatDoesNotExist,
            [validationError, { errors: { pinned: 'must be boolean' } }],
            ...BODY_ERRORS,
          ),
        },
      },
    },
    (request) => changeSettings(services, request.userId, request.params.chat_id, request.body),
  );

  done();
};
