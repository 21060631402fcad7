import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import type { Database } from '../../database/index.js';
import type { Publisher } from '../../realtime/index.js';
import { notAuthorized, validationError } from '../../shared/errors.js';
import { Answer, BODY_ERRORS, Id, Ref, bearer, errorAnswers } from '../../shared/schema.js';
import { SUCCESS, Success } from '../../shared/success.js';
import { ChatParams, chatDoesNotExist } from '../participants/index.js';
import { addToChat, changeChat, readChat, removeFromChat } from './changes.service.js';
import { notAGroup, notTheCreator, participantDoesNotExist, userDoesNotExist } from './chats.errors.js';
import { AddParticipants, ChangeChat, ChatWithParticipants, ReadMark, ReadUpTo } from './chats.schemas.js';

/** What may change in a chat once it is there. */
export const chatChangeRoutes: FastifyPluginCallbackTypebox<{ db: Database; live: Publisher }> = (
  app,
  { db, live },
  done,
) => {
  app.patch(
    '/chat/:chat_id',
    {
      schema: {
        operationId: 'changeChat',
        tags: ['Chats'],
        summary: 'Rename a group',
        description: 'Gives a group of the user another name. With the name that it has nothing happens.',
        security: bearer,
        params: ChatParams,
        body: Ref(ChangeChat),
        response: {
          200: Answer(ChatWithParticipants, 'The chat.'),
          ...errorAnswers(
            notAuthorized,
            chatDoesNotExist,
            notAGroup,
            [validationError, { errors: { name: 'must be string' } }],
            ...BODY_ERRORS,
          ),
        },
      },
    },
    (request) => changeChat(db, live, request.userId, request.params.chat_id, request.body.name),
  );

  app.post(
    '/chat/:chat_id/participants',
    {
      onRequest: (request) => app.rateLimits.people.check(request.userId),
      schema: {
        operationId: 'addParticipants',
        tags: ['Chats'],
        summary: 'Add people to a group',
        description: 'Adds users to a group of the user. They see all of its messages, and none of them is unread.',
        security: bearer,
        params: ChatParams,
        body: Ref(AddParticipants),
        response: {
          200: Answer(ChatWithParticipants, 'The chat.'),
          ...errorAnswers(
            notAuthorized,
            chatDoesNotExist,
            notAGroup,
            [userDoesNotExist, { errors: { user_ids: 'There is no user 9.' } }],
            [validationError, { errors: { user_ids: 'must NOT have fewer than 1 items' } }],
            ...BODY_ERRORS,
          ),
        },
      },
    },
    async (request) => {
      await app.rateLimits.people.consume(request.userId, request.body.user_ids.length);
      return addToChat(db, live, request.userId, request.params.chat_id, request.body.user_ids);
    },
  );

  app.delete(
    '/chat/:chat_id/participants/:user_id',
    {
      schema: {
        operationId: 'removeParticipant',
        tags: ['Chats'],
        summary: 'Leave a group, or remove somebody',
        description:
          'Everyone may remove themselves, the owner of the group also others. The owner is who created the group; when ' +
          'the owner leaves, the longest-standing member becomes the owner. Nothing of the group reaches who is removed.',
        security: bearer,
        params: Type.Object({ ...ChatParams.properties, user_id: Id('Who is to go.', { examples: [7] }) }),
        response: {
          200: Answer(Success, 'They take no part any more.'),
          ...errorAnswers(notAuthorized, chatDoesNotExist, notAGroup, notTheCreator, participantDoesNotExist, [
            validationError,
            { errors: { user_id: 'must be integer' } },
          ]),
        },
      },
    },
    async (request) => {
      await removeFromChat(db, live, request.userId, request.params.chat_id, request.params.user_id);
      return SUCCESS;
    },
  );

  app.post(
    '/chat/:chat_id/read',
    {
      schema: {
        operationId: 'readChat',
        tags: ['Chats'],
        summary: 'Mark messages as read',
        description: 'Moves the mark of the user on to a message. It never moves back, nor beyond the newest message.',
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
    (request) => readChat(db, live, request.userId, request.params.chat_id, request.body.message_id),
  );
  done();
};
