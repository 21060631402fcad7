import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { chatDoesNotExist } from '../../changes/index.js';
import { notAuthorized, validationError } from '../../shared/errors.js';
import { Answer, BODY_ERRORS, Ref, bearer, errorAnswers } from '../../shared/schema.js';
import type { Services } from '../feature.js';
import { changedMeanwhile } from '../users/index.js';
import { folderFull, folderNotFound } from './folders.errors.js';
import { FolderChatParams, FolderList, SetFolders } from './folders.schemas.js';
import { getFolders, putIntoFolder, setFolders, takeFromFolder } from './folders.service.js';

const INVALID = [validationError, { errors: { chat_id: 'must be integer' } }] as const;

export const folderRoutes: FastifyPluginCallbackTypebox<Services> = (app, services, done) => {
  app.get(
    '/user/folders',
    {
      config: { narrowed: { rights: 'read', chats: 'all' } },
      schema: {
        operationId: 'getFolders',
        tags: ['Chats'],
        summary: 'List my folders',
        security: bearer,
        response: { 200: Answer(FolderList, 'The folders.'), ...errorAnswers(notAuthorized) },
      },
    },
    (request) => getFolders(services, request.userId),
  );

  app.put(
    '/user/folders',
    {
      schema: {
        operationId: 'setFolders',
        tags: ['Chats'],
        summary: 'Change my folders',
        description:
          'Makes, names, orders and removes folders: these are all that there are from now on, on all devices of the user ' +
          '(`folders.updated`). At most 20.',
        security: bearer,
        body: Ref(SetFolders),
        response: {
          200: Answer(FolderList, 'The folders.'),
          ...errorAnswers(
            notAuthorized,
            changedMeanwhile,
            [validationError, { errors: { folders: 'must have ids of their own' } }],
            ...BODY_ERRORS,
          ),
        },
      },
    },
    (request) => setFolders(services, request.userId, request.body),
  );

  app.put(
    '/user/folders/:folder_id/chats/:chat_id',
    {
      schema: {
        operationId: 'putIntoFolder',
        tags: ['Chats'],
        summary: 'Put a chat into a folder',
        description: 'As its last one, whatever other devices change at the same time. At most 200 chats.',
        security: bearer,
        params: FolderChatParams,
        response: {
          200: Answer(FolderList, 'The folders.'),
          ...errorAnswers(notAuthorized, chatDoesNotExist, folderNotFound, folderFull, INVALID),
        },
      },
    },
    ({ userId, params: { folder_id, chat_id } }) => putIntoFolder(services, userId, folder_id, chat_id),
  );

  app.delete(
    '/user/folders/:folder_id/chats/:chat_id',
    {
      schema: {
        operationId: 'takeFromFolder',
        tags: ['Chats'],
        summary: 'Take a chat out of a folder',
        description: 'What the folder includes by its rule stays in it.',
        security: bearer,
        params: FolderChatParams,
        response: {
          200: Answer(FolderList, 'The folders.'),
          ...errorAnswers(notAuthorized, folderNotFound, INVALID),
        },
      },
    },
    ({ userId, params: { folder_id, chat_id } }) => takeFromFolder(services, userId, folder_id, chat_id),
  );
  done();
};
