import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { RESTRICTED, RIGHT_ERRORS } from '../../changes/index.js';
import { notAuthorized, validationError } from '../../shared/errors.js';
import { PacedBatches } from '../../shared/paced-batches.js';
import { runWhileOpen } from '../../shared/run-while-open.js';
import { Answer, BODY_ERRORS, Ref, bearer, errorAnswers } from '../../shared/schema.js';
import type { Services } from '../feature.js';
import {
  FILTERED,
  MessageParams,
  askerOf,
  chatFrozen,
  findChatOf,
  messageDoesNotExist,
  notAcceptingMessages,
  notTheOwner,
} from '../messages/index.js';
import { pollJob } from './poll-job.js';
import { optionsFixed, pollClosed, pollDoesNotExist, tooManyOptions, votersHidden } from './polls.errors.js';
import type { Ballot } from './polls.queries.js';
import { CastVotes, NewOption, OptionParams, SeenPoll, VoterList, VoterListQuery } from './polls.schemas.js';
import { addOption, closePoll, getPoll, getVoters } from './polls.service.js';
import { carryOut } from './votes.service.js';

const ERRORS = [notAuthorized, messageDoesNotExist, pollDoesNotExist] as const;
const INVALID = [validationError, { errors: { message_id: 'must be integer' } }] as const;

export const pollRoutes: FastifyPluginCallbackTypebox<Services> = (app, services, done) => {
  runWhileOpen(app, pollJob(services));
  // Many vote at once, and each change is an event for all.
  const batches = new PacedBatches<Ballot, SeenPoll>((chatId, wishes) => carryOut(services, chatId, wishes));

  app.get(
    '/message/:message_id/poll',
    {
      config: { narrowed: { rights: 'read', chats: 'filtered' } },
      schema: {
        operationId: 'getPoll',
        tags: ['Messages'],
        summary: 'Read a poll',
        description: 'The poll of a message as the user sees it, and how they have voted.',
        security: bearer,
        params: MessageParams,
        response: { 200: Answer(SeenPoll, 'The poll.'), ...errorAnswers(...ERRORS, INVALID) },
      },
    },
    (request) => getPoll(services, askerOf(request), request.params.message_id),
  );

  app.put(
    '/message/:message_id/poll/votes',
    {
      config: { narrowed: { rights: 'write', chats: 'filtered' } },
      schema: {
        operationId: 'vote',
        tags: ['Messages'],
        summary: 'Vote in a poll',
        description:
          'Everybody who sees the message may vote, and vote otherwise, as long as the poll is open. It may be repeated. It counts as a send ' +
          '(`RATE_LIMIT_SENDS`). When many vote in a chat at once, their votes are gathered for up to 250 ms, and become one change of each message.',
        security: bearer,
        params: MessageParams,
        body: Ref(CastVotes),
        response: {
          200: Answer(SeenPoll, 'The poll with the votes.'),
          ...errorAnswers(
            ...ERRORS,
            pollClosed,
            [validationError, { errors: { option_ids: 'must be options of this poll' } }],
            ...BODY_ERRORS,
          ),
        },
      },
    },
    async (request) => {
      const { userId, params, body } = request;
      await app.rateLimits.sends.consume(userId);
      const messageId = params.message_id;
      const chatId = await findChatOf(services, askerOf(request), messageId);
      request.leaveWork();
      return batches.add(chatId, { messageId, userId, optionIds: body.option_ids });
    },
  );

  app.post(
    '/message/:message_id/poll/options',
    {
      config: { narrowed: { rights: 'write', chats: 'filtered' } },
      schema: {
        operationId: 'addPollOption',
        tags: ['Messages'],
        summary: 'Add an option to a poll',
        description:
          'Where the poll has `may_add_options`, everybody who may write in the chat may. An option of this text that is there already stays the only ' +
          'one. It counts as a send (`RATE_LIMIT_SENDS`).',
        security: bearer,
        params: MessageParams,
        body: Ref(NewOption),
        response: {
          200: Answer(SeenPoll, 'The poll with the option.'),
          ...errorAnswers(
            ...ERRORS,
            ...RIGHT_ERRORS,
            chatFrozen,
            notAcceptingMessages,
            optionsFixed,
            pollClosed,
            tooManyOptions,
            FILTERED,
            [validationError, { errors: { text: 'must NOT have fewer than 1 characters' } }],
            ...BODY_ERRORS,
          ),
        },
      },
    },
    async (request) => {
      await app.rateLimits.sends.consume(request.userId);
      return addOption(services, askerOf(request), request.params.message_id, request.body.text);
    },
  );

  app.post(
    '/message/:message_id/poll/close',
    {
      config: { narrowed: { rights: 'write', chats: 'filtered' } },
      schema: {
        operationId: 'closePoll',
        tags: ['Messages'],
        summary: 'Close a poll',
        description:
          'Its author may, and in a group those who may delete messages of others. Then everybody sees the results. A closed poll stays closed.',
        security: bearer,
        params: MessageParams,
        response: {
          200: Answer(SeenPoll, 'The poll, closed.'),
          ...errorAnswers(...ERRORS, notTheOwner, RESTRICTED, INVALID),
        },
      },
    },
    (request) => closePoll(services, askerOf(request), request.params.message_id),
  );

  app.get(
    '/message/:message_id/poll/options/:option_id/voters',
    {
      config: { narrowed: { rights: 'read', chats: 'filtered' } },
      schema: {
        operationId: 'getVoters',
        tags: ['Messages'],
        summary: 'Who has voted for an option?',
        description:
          'People in the order in which they voted. Nobody learns it of an anonymous poll, nor before they see the results.',
        security: bearer,
        params: OptionParams,
        querystring: VoterListQuery,
        response: {
          200: Answer(VoterList, 'The page. An empty one is past the end.'),
          ...errorAnswers(...ERRORS, votersHidden, [validationError, { errors: { limit: 'must be <= 500' } }]),
        },
      },
    },
    (request) => {
      const { message_id: messageId, option_id: optionId } = request.params;
      return getVoters(services, askerOf(request), { messageId, optionId }, request.query);
    },
  );
  done();
};
