import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { RESTRICTED } from '../../changes/index.js';
import { notAuthorized, validationError } from '../../shared/errors.js';
import { PacedBatches } from '../../shared/paced-batches.js';
import { Answer, bearer, errorAnswers } from '../../shared/schema.js';
import type { Services } from '../feature.js';
import { MessageParams, askerOf, findChatOf, messageDoesNotExist } from '../messages/index.js';
import { emojiOf } from './emoji.js';
import { tooManyEmojis } from './reactions.errors.js';
import { OwnReactions, ReactionList, ReactionListQuery, ReactionParams } from './reactions.schemas.js';
import { carryOut, getReactions, type Wish } from './reactions.service.js';

const INVALID = [validationError, { errors: { emoji: 'must be an emoji, or a name such as :shipped:' } }] as const;

export const reactionRoutes: FastifyPluginCallbackTypebox<Services> = (app, services, done) => {
  // Many react at once, and each change is an event for all.
  const batches = new PacedBatches<Wish, OwnReactions>((chatId, wishes) => carryOut(services, chatId, wishes));

  const react = async (
    request: FastifyRequest<{ Params: { message_id: number; emoji: string } }>,
    isAdded: boolean,
  ) => {
    const { userId, params } = request;
    const emoji = emojiOf(params.emoji);
    if (emoji === undefined)
      throw validationError({ errors: { emoji: 'must be an emoji, or a name such as :shipped:' } });
    await services.limits.sends.consume(userId);
    const messageId = params.message_id;
    const chatId = await findChatOf(services, askerOf(request), messageId);
    request.leaveWork();
    return batches.add(chatId, { messageId, userId, emoji, isAdded });
  };

  app.put(
    '/message/:message_id/reactions/:emoji',
    {
      config: { narrowed: { rights: 'write', chats: 'filtered' } },
      schema: {
        operationId: 'addReaction',
        tags: ['Messages'],
        summary: 'React to a message',
        description:
          'Once with each emoji, however often it is repeated. A message has 20 different ones at the most. It counts as a send (`RATE_LIMIT_SENDS`). ' +
          'When many react in a chat at once, their reactions are gathered for up to 250 ms, and become one change of each message.',
        security: bearer,
        params: ReactionParams,
        response: {
          200: Answer(OwnReactions, 'The reactions as they are then.'),
          ...errorAnswers(notAuthorized, messageDoesNotExist, tooManyEmojis, RESTRICTED, INVALID),
        },
      },
    },
    (request) => react(request, true),
  );

  app.delete(
    '/message/:message_id/reactions/:emoji',
    {
      config: { narrowed: { rights: 'write', chats: 'filtered' } },
      schema: {
        operationId: 'removeReaction',
        tags: ['Messages'],
        summary: 'Take a reaction back',
        description: 'Nothing happens when the user has not reacted with this emoji.',
        security: bearer,
        params: ReactionParams,
        response: {
          200: Answer(OwnReactions, 'The reactions as they are then.'),
          ...errorAnswers(notAuthorized, messageDoesNotExist, INVALID),
        },
      },
    },
    (request) => react(request, false),
  );

  app.get(
    '/message/:message_id/reactions',
    {
      config: { narrowed: { rights: 'read', chats: 'filtered' } },
      schema: {
        operationId: 'getReactions',
        tags: ['Messages'],
        summary: 'Who has reacted to a message?',
        description: 'People and their emojis, in the order in which they reacted.',
        security: bearer,
        params: MessageParams,
        querystring: ReactionListQuery,
        response: {
          200: Answer(ReactionList, 'The page. An empty one is past the end.'),
          ...errorAnswers(notAuthorized, messageDoesNotExist, [
            validationError,
            { errors: { limit: 'must be <= 500' } },
          ]),
        },
      },
    },
    (request) => getReactions(services, askerOf(request), request.params.message_id, request.query),
  );
  done();
};
