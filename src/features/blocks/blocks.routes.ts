import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { notAuthorized, validationError } from '../../shared/errors.js';
import { Answer, Id, bearer, errorAnswers } from '../../shared/schema.js';
import { SUCCESS, Success } from '../../shared/success.js';
import type { Services } from '../feature.js';
import { userNotFound } from '../users/index.js';
import { blockYourself, tooManyBlocks } from './blocks.errors.js';
import { BlockList, BlockListQuery } from './blocks.schemas.js';
import { getBlocks, setBlock } from './blocks.service.js';

const BlockParams = Type.Object({ user_id: Id('The other user.', { examples: [7] }) });

const YOURSELF = [blockYourself, { errors: { user_id: 'This is your own id.' } }] as const;
const INVALID = [validationError, { errors: { user_id: 'must be integer' } }] as const;

export const blockRoutes: FastifyPluginCallbackTypebox<Services> = (app, services, done) => {
  app.get(
    '/user/blocks',
    {
      config: { narrowed: { rights: 'read', chats: 'all' } },
      schema: {
        operationId: 'getBlocks',
        tags: ['Users'],
        summary: 'Whom have I blocked?',
        description: 'The people whom the user has blocked, the newest first.',
        security: bearer,
        querystring: BlockListQuery,
        response: {
          200: Answer(BlockList, 'The page. An empty one is past the end.'),
          ...errorAnswers(notAuthorized, [validationError, { errors: { limit: 'must be <= 500' } }]),
        },
      },
    },
    (request) => getBlocks(services, request.userId, request.query),
  );

  app.put(
    '/user/blocks/:user_id',
    {
      schema: {
        operationId: 'blockUser',
        tags: ['Users'],
        summary: 'Block a user',
        description:
          'From now on neither can open a private chat with the other or write in the one that they have, and neither sees ' +
          'whether the other is there. In groups both go on. Nothing tells the other. All devices of the user are told ' +
          '(`block.updated`). At most 10000 people.',
        security: bearer,
        params: BlockParams,
        response: {
          200: Answer(Success, 'The other is blocked.'),
          ...errorAnswers(notAuthorized, YOURSELF, userNotFound, tooManyBlocks, INVALID),
        },
      },
    },
    async (request) => {
      await setBlock(services, request.userId, request.params.user_id, true);
      return SUCCESS;
    },
  );

  app.delete(
    '/user/blocks/:user_id',
    {
      schema: {
        operationId: 'unblockUser',
        tags: ['Users'],
        summary: 'Take a block back',
        description: 'Everything is as it was before the block, unless the other has blocked the user.',
        security: bearer,
        params: BlockParams,
        response: {
          200: Answer(Success, 'The user does not block the other.'),
          ...errorAnswers(notAuthorized, YOURSELF, userNotFound, INVALID),
        },
      },
    },
    async (request) => {
      await setBlock(services, request.userId, request.params.user_id, false);
      return SUCCESS;
    },
  );
  done();
};
