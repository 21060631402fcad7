import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { actorOf } from '../../audit/index.js';
import { chatDoesNotExist } from '../../changes/index.js';
import { validationError } from '../../shared/errors.js';
import { Answer, BODY_ERRORS, Ref, apiKey, errorAnswers } from '../../shared/schema.js';
import { KEY_ERRORS } from '../api-keys/index.js';
import { notAGroup, publicGroupsOff, requirePublicAllowed } from '../chats/index.js';
import type { Services } from '../feature.js';
import {
  contentsBodyLimit,
  MessagePage,
  MessagePageQuery,
  MessageParams,
  SEND_ERRORS,
  SendAsHost,
  SentMessage,
  THREAD_ERRORS,
  messageDoesNotExist,
  notAcceptingMessages,
  sendMessage,
} from '../messages/index.js';
import { ParticipantList, banned, participantDoesNotExist, userDoesNotExist } from '../participants/index.js';
import { requireChatId } from './chat-ref.js';
import { addMembers, putMember, readMembers, removeMembers } from './members.service.js';
import { chatKeyConflict } from './server-chats.errors.js';
import {
  AddMembers,
  ChangeMembers,
  FindChat,
  MemberListQuery,
  MemberOutcome,
  MembersOutcome,
  PutChat,
  PutMember,
  ServerChat,
  ServerChatOutcome,
  ServerChatParams,
  ServerMemberParams,
} from './server-chats.schemas.js';
import { findOrOpenChat, putChat, readServerChat } from './server-chats.service.js';
import { getMessage, readPage, sendAsApp } from './server-messages.service.js';

/** A thousand ids of the host application fit, and 12 kB of custom data. */
const BODY_LIMIT_BYTES = 1024 * 1024;

const BANNED = [banned, { errors: { members: 'User 9 is banned from this group.' } }] as const;
const UNKNOWN = [userDoesNotExist, { errors: { members: 'There is no user ext:nobody.' } }] as const;
const INVALID = [validationError, { errors: { chat: 'must match pattern' } }] as const;

export const serverChatRoutes: FastifyPluginCallbackTypebox<Services> = (app, services, done) => {
  const { db } = services;
  const chatIdOf = (ref: string) => requireChatId(db, ref);

  app.get(
    '/server/chats/:chat',
    {
      config: { scope: 'chats:read' },
      schema: {
        operationId: 'getServerChat',
        tags: ['Server'],
        summary: 'Look at any chat',
        description: 'A chat, with what only the host application may see.',
        security: apiKey,
        params: ServerChatParams,
        response: { 200: Answer(ServerChat, 'The chat.'), ...errorAnswers(...KEY_ERRORS, chatDoesNotExist, INVALID) },
      },
    },
    async (request) => readServerChat(db, await chatIdOf(request.params.chat)),
  );

  app.put(
    '/server/chats/:chat',
    {
      bodyLimit: BODY_LIMIT_BYTES,
      config: { scope: 'chats:write' },
      schema: {
        operationId: 'putChat',
        tags: ['Server'],
        summary: 'Open or change a chat',
        description:
          'Opens the chat of the key with its people, or brings the one that is there to what is given. It may be repeated: ' +
          'the same again changes nothing, and many at once open one chat. It removes nobody.',
        security: apiKey,
        params: ServerChatParams,
        body: Ref(PutChat),
        response: {
          200: Answer(ServerChatOutcome, 'The chat as it is now.'),
          ...errorAnswers(
            ...KEY_ERRORS,
            chatDoesNotExist,
            UNKNOWN,
            notAGroup,
            chatKeyConflict,
            notAcceptingMessages,
            publicGroupsOff,
            INVALID,
            ...BODY_ERRORS,
          ),
        },
      },
    },
    (request) => {
      requirePublicAllowed(services.config, request.body);
      return putChat({ ...services, actor: actorOf(request) }, request.params.chat, request.body);
    },
  );

  app.post(
    '/server/chats',
    {
      bodyLimit: BODY_LIMIT_BYTES,
      config: { scope: 'chats:write' },
      schema: {
        operationId: 'findOrOpenChat',
        tags: ['Server'],
        summary: 'Find or open the chat of exactly these people',
        description:
          'A private chat is the one of its two people. A group is found as long as it has the people that it was opened with ' +
          'here; groups that users have opened are not. Many at once open one.',
        security: apiKey,
        body: Ref(FindChat),
        response: {
          200: Answer(ServerChatOutcome, 'The chat as it is now.'),
          ...errorAnswers(
            ...KEY_ERRORS,
            UNKNOWN,
            notAGroup,
            chatKeyConflict,
            notAcceptingMessages,
            publicGroupsOff,
            INVALID,
            ...BODY_ERRORS,
          ),
        },
      },
    },
    (request) => {
      requirePublicAllowed(services.config, request.body);
      return findOrOpenChat({ ...services, actor: actorOf(request) }, request.body);
    },
  );

  app.post(
    '/server/chats/:chat/members',
    {
      bodyLimit: BODY_LIMIT_BYTES,
      config: { scope: 'chats:write' },
      schema: {
        operationId: 'addMembers',
        tags: ['Server'],
        summary: 'Add up to 1000 people to a group',
        description: 'Adds users, some hundreds at a time. People who are in it already stay as they are.',
        security: apiKey,
        params: ServerChatParams,
        body: Ref(AddMembers),
        response: {
          200: Answer(MembersOutcome, 'They are in it.'),
          ...errorAnswers(...KEY_ERRORS, chatDoesNotExist, UNKNOWN, BANNED, notAGroup, INVALID, ...BODY_ERRORS),
        },
      },
    },
    async (request) =>
      addMembers({ ...services, actor: actorOf(request) }, await chatIdOf(request.params.chat), request.body),
  );

  app.post(
    '/server/chats/:chat/members/remove',
    {
      bodyLimit: BODY_LIMIT_BYTES,
      config: { scope: 'chats:write' },
      schema: {
        operationId: 'removeMembers',
        tags: ['Server'],
        summary: 'Remove up to 1000 people from a group',
        description: 'Removes users, one after the other. When it is not answered, repeat it: nobody is removed twice.',
        security: apiKey,
        params: ServerChatParams,
        body: Ref(ChangeMembers),
        response: {
          200: Answer(MembersOutcome, 'They are not in it any more.'),
          ...errorAnswers(...KEY_ERRORS, chatDoesNotExist, UNKNOWN, notAGroup, INVALID, ...BODY_ERRORS),
        },
      },
    },
    async (request) =>
      removeMembers(
        { ...services, actor: actorOf(request) },
        await chatIdOf(request.params.chat),
        request.body.members,
      ),
  );

  app.get(
    '/server/chats/:chat/members',
    {
      config: { scope: 'chats:read' },
      schema: {
        operationId: 'getMembers',
        tags: ['Server'],
        summary: 'List who is in any chat',
        description: 'People and their roles, in the order of joining. For the next page give `next` as `cursor`.',
        security: apiKey,
        params: ServerChatParams,
        querystring: MemberListQuery,
        response: {
          200: Answer(ParticipantList, 'The page. An empty one is past the end.'),
          ...errorAnswers(...KEY_ERRORS, chatDoesNotExist, INVALID),
        },
      },
    },
    async (request) => readMembers(services, await chatIdOf(request.params.chat), request.query),
  );

  app.put(
    '/server/chats/:chat/members/:user',
    {
      config: { scope: 'chats:write' },
      schema: {
        operationId: 'putMember',
        tags: ['Server'],
        summary: 'Say what somebody is in a group',
        description:
          'Brings a user into a group who is not in it, and gives them a role, whatever it was. Who was the owner is an admin when somebody else ' +
          'becomes it. It may be repeated: the same again changes nothing, and what a restricted user is after the restriction ends none.',
        security: apiKey,
        params: ServerMemberParams,
        body: Ref(PutMember),
        response: {
          200: Answer(MemberOutcome, 'Who they are in the group now.'),
          ...errorAnswers(
            ...KEY_ERRORS,
            chatDoesNotExist,
            participantDoesNotExist,
            UNKNOWN,
            BANNED,
            notAGroup,
            INVALID,
            ...BODY_ERRORS,
          ),
        },
      },
    },
    async (request) => {
      const { params, body } = request;
      return putMember({ ...services, actor: actorOf(request) }, await chatIdOf(params.chat), params.user, body);
    },
  );

  app.post(
    '/server/chats/:chat/message',
    {
      bodyLimit: contentsBodyLimit(services.config.messages),
      config: { scope: 'messages:write' },
      schema: {
        operationId: 'sendAsApp',
        tags: ['Server'],
        summary: 'Send a message as the application',
        description:
          'The author is the one user who stands for the host application, and is in no chat. With the header `Act-As` the ' +
          'author is that user, who must be in the chat.',
        security: apiKey,
        params: ServerChatParams,
        body: Ref(SendAsHost),
        response: {
          200: Answer(SentMessage, 'The message, as everyone in the chat sees it.'),
          ...errorAnswers(...KEY_ERRORS, ...SEND_ERRORS, ...THREAD_ERRORS, INVALID, ...BODY_ERRORS),
        },
      },
    },
    async ({ userId, apiKey: key, params, body }) => {
      const chatId = await chatIdOf(params.chat);
      if (userId === 0) {
        await app.rateLimits.sends.consume(`key ${key?.id ?? 0}`);
        return sendAsApp(services, chatId, body);
      }
      await app.rateLimits.sends.consume(userId);
      const { silent, ...message } = body;
      return sendMessage(services, userId, chatId, message, key && { keyId: key.id, silent });
    },
  );

  app.get(
    '/server/chats/:chat/messages',
    {
      config: { scope: 'chats:read' },
      schema: {
        operationId: 'getServerMessages',
        tags: ['Server'],
        summary: 'Read a page of messages of any chat',
        description: 'As `GET /chat/{chat_id}/messages`, of any chat.',
        security: apiKey,
        params: ServerChatParams,
        querystring: MessagePageQuery,
        response: {
          200: Answer(MessagePage, 'The page. An empty one is past the end.'),
          ...errorAnswers(...KEY_ERRORS, chatDoesNotExist, INVALID),
        },
      },
    },
    async (request) => readPage(services, await chatIdOf(request.params.chat), request.query),
  );

  app.get(
    '/server/messages/:message_id',
    {
      config: { scope: 'chats:read' },
      schema: {
        operationId: 'getServerMessage',
        tags: ['Server'],
        summary: 'Look at any message',
        description: 'A message of any chat, as it is now.',
        security: apiKey,
        params: MessageParams,
        response: {
          200: Answer(SentMessage, 'The message.'),
          ...errorAnswers(...KEY_ERRORS, messageDoesNotExist, [
            validationError,
            { errors: { message_id: 'must be integer' } },
          ]),
        },
      },
    },
    (request) => getMessage(services, request.params.message_id),
  );
  done();
};
