import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { ChatParams, RIGHT_ERRORS, chatDoesNotExist } from '../../changes/index.js';
import { notAuthorized, validationError } from '../../shared/errors.js';
import { runWhileOpen } from '../../shared/run-while-open.js';
import { Answer, BODY_ERRORS, Ref, bearer, errorAnswers } from '../../shared/schema.js';
import type { Services } from '../feature.js';
import { Message, MessageParams, askerOf, messageDoesNotExist, notAcceptingMessages } from '../messages/index.js';
import { pinJob } from './pin-job.js';
import { tooManyPins } from './pins.errors.js';
import { PinList, PinListQuery, PinMessage } from './pins.schemas.js';
import { getPins, pinMessage, unpinMessage } from './pins.service.js';

const ERRORS = [notAuthorized, messageDoesNotExist, ...RIGHT_ERRORS, notAcceptingMessages] as const;

export const pinRoutes: FastifyPluginCallbackTypebox<Services> = (app, services, done) => {
  runWhileOpen(app, pinJob(services));

  app.get(
    '/chat/:chat_id/pins',
    {
      config: { narrowed: { rights: 'read', chats: 'named' } },
      schema: {
        operationId: 'getPins',
        tags: ['Messages'],
        summary: 'List the pinned messages of a chat',
        description:
          'Those that the user sees, the one that was pinned last first. A chat has 100 at the most. For the next page give `next` as `cursor`.',
        security: bearer,
        params: ChatParams,
        querystring: PinListQuery,
        response: {
          200: Answer(PinList, 'The page. An empty one is past the end.'),
          ...errorAnswers(notAuthorized, chatDoesNotExist, [validationError, { errors: { limit: 'must be <= 500' } }]),
        },
      },
    },
    ({ userId, params, query }) => getPins(services, userId, params.chat_id, query),
  );

  app.put(
    '/message/:message_id/pin',
    {
      config: { narrowed: { rights: 'write', chats: 'filtered' } },
      schema: {
        operationId: 'pinMessage',
        tags: ['Messages'],
        summary: 'Pin a message',
        description:
          'For everybody in the chat. In a group it needs the right `pin`; in a private chat both may. A message that is pinned already keeps its ' +
          'place, and gets the end that is given. It counts as a send (`RATE_LIMIT_SENDS`).',
        security: bearer,
        params: MessageParams,
        body: Ref(PinMessage),
        response: {
          200: Answer(Message, 'The message as it is then.'),
          ...errorAnswers(
            ...ERRORS,
            tooManyPins,
            [validationError, { errors: { until: 'must be a time to come' } }],
            ...BODY_ERRORS,
          ),
        },
      },
    },
    async (request) => {
      await app.rateLimits.sends.consume(request.userId);
      return pinMessage(services, askerOf(request), request.params.message_id, request.body.until);
    },
  );

  app.delete(
    '/message/:message_id/pin',
    {
      config: { narrowed: { rights: 'write', chats: 'filtered' } },
      schema: {
        operationId: 'unpinMessage',
        tags: ['Messages'],
        summary: 'Pin a message no more',
        description: 'It does not matter who pinned it. Nothing happens to a message that is not pinned.',
        security: bearer,
        params: MessageParams,
        response: {
          200: Answer(Message, 'The message as it is then.'),
          ...errorAnswers(...ERRORS, [validationError, { errors: { message_id: 'must be integer' } }]),
        },
      },
    },
    async (request) => {
      await app.rateLimits.sends.consume(request.userId);
      return unpinMessage(services, askerOf(request), request.params.message_id);
    },
  );
  done();
};
