import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { actorOf } from '../../audit/index.js';
import { ChatParams, RIGHT_ERRORS, chatDoesNotExist } from '../../changes/index.js';
import { notAuthorized, validationError } from '../../shared/errors.js';
import { runWhileOpen } from '../../shared/run-while-open.js';
import { Answer, BODY_ERRORS, Ref, bearer, errorAnswers } from '../../shared/schema.js';
import { SUCCESS, Success } from '../../shared/success.js';
import { notAGroup } from '../chats/index.js';
import type { Services } from '../feature.js';
import { participantDoesNotExist, rankTooLow, userDoesNotExist } from '../participants/index.js';
import { ban, getSanctions, liftBan } from './bans.service.js';
import { messageRemovalJob } from './message-removal-job.js';
import { restrictionJob } from './restriction-job.js';
import { liftRestriction, restrict } from './restrictions.service.js';
import { shadow, liftShadow } from './shadows.service.js';
import { Ban, Restrict, SanctionList, SanctionParams, SanctionQuery, Shadow } from './sanctions.schemas.js';

const ERRORS = [notAuthorized, chatDoesNotExist, notAGroup, ...RIGHT_ERRORS] as const;
const INVALID = [validationError, { errors: { user_id: 'must be integer' } }] as const;
const PAST = [validationError, { errors: { until: 'must be a time to come' } }] as const;
const LISTS = errorAnswers(...ERRORS, [validationError, { errors: { limit: 'must be <= 500' } }]);

/** Who asks, and about whom. */
function asked(request: {
  readonly apiKey: { readonly id: number } | undefined;
  readonly userId: number;
  readonly ip: string;
  readonly params: { readonly chat_id: number; readonly user_id: number };
}) {
  const { userId, params } = request;
  const target = { chatId: params.chat_id, userId: params.user_id };
  return [{ userId, actor: actorOf(request) }, target] as const;
}

export const moderationRoutes: FastifyPluginCallbackTypebox<Services> = (app, services, done) => {
  runWhileOpen(app, restrictionJob(services));
  runWhileOpen(app, messageRemovalJob(services));

  app.put(
    '/chat/:chat_id/participants/:user_id/restriction',
    {
      config: { narrowed: { rights: 'write', chats: 'named' } },
      schema: {
        operationId: 'restrictParticipant',
        tags: ['Moderation'],
        summary: 'Restrict somebody in a group',
        description:
          'With the right `moderate`, for people of a lower role. They are a `reader` until it ends, then what they were: they read, and ' +
          'neither send nor edit nor react (403 `RESTRICTED`). They stay restricted when they leave and come back. Another role ends it.',
        security: bearer,
        params: SanctionParams,
        body: Ref(Restrict),
        response: {
          200: Answer(Success, 'They are restricted.'),
          ...errorAnswers(...ERRORS, rankTooLow, participantDoesNotExist, PAST, ...BODY_ERRORS),
        },
      },
    },
    async (request) => {
      const [moderator, target] = asked(request);
      await restrict(services, moderator, target, request.body);
      return SUCCESS;
    },
  );

  app.delete(
    '/chat/:chat_id/participants/:user_id/restriction',
    {
      config: { narrowed: { rights: 'write', chats: 'named' } },
      schema: {
        operationId: 'liftRestriction',
        tags: ['Moderation'],
        summary: 'Lift a restriction',
        description: 'They have the role again that they had. Where there is no restriction nothing happens.',
        security: bearer,
        params: SanctionParams,
        response: {
          200: Answer(Success, 'They are not restricted.'),
          ...errorAnswers(...ERRORS, rankTooLow, INVALID),
        },
      },
    },
    async (request) => {
      await liftRestriction(services, ...asked(request));
      return SUCCESS;
    },
  );

  app.get(
    '/chat/:chat_id/restrictions',
    {
      config: { narrowed: { rights: 'read', chats: 'named' } },
      schema: {
        operationId: 'getRestrictions',
        tags: ['Moderation'],
        summary: 'List who is restricted in a group',
        description: 'With the right `moderate`, the newest first. For the next page give `next` as `cursor`.',
        security: bearer,
        params: ChatParams,
        querystring: SanctionQuery,
        response: { 200: Answer(SanctionList, 'The page. An empty one is past the end.'), ...LISTS },
      },
    },
    ({ userId, params, query }) =>
      getSanctions(services, userId, { chatId: params.chat_id, kind: 'restriction' }, query),
  );

  app.put(
    '/chat/:chat_id/participants/:user_id/shadow',
    {
      config: { narrowed: { rights: 'write', chats: 'named' } },
      schema: {
        operationId: 'shadowParticipant',
        tags: ['Moderation'],
        summary: 'Put somebody into the shadow in a group',
        description:
          'With the right `moderate`, for people of a lower role. What they send and edit from then on is answered as always, and nobody but they ' +
          'sees it, also when it has ended; nothing tells them. It stays when they leave and come back. Who becomes owner is let out of it.',
        security: bearer,
        params: SanctionParams,
        body: Ref(Shadow),
        response: {
          200: Answer(Success, 'They are in the shadow.'),
          ...errorAnswers(...ERRORS, rankTooLow, participantDoesNotExist, PAST, ...BODY_ERRORS),
        },
      },
    },
    async (request) => {
      const [moderator, target] = asked(request);
      await shadow(services, moderator, target, request.body);
      return SUCCESS;
    },
  );

  app.delete(
    '/chat/:chat_id/participants/:user_id/shadow',
    {
      config: { narrowed: { rights: 'write', chats: 'named' } },
      schema: {
        operationId: 'liftShadow',
        tags: ['Moderation'],
        summary: 'Let somebody out of the shadow',
        description:
          'Everybody sees what they send from then on. What nobody saw stays unseen. Where they are in no shadow nothing happens.',
        security: bearer,
        params: SanctionParams,
        response: {
          200: Answer(Success, 'They are not in the shadow.'),
          ...errorAnswers(...ERRORS, rankTooLow, INVALID),
        },
      },
    },
    async (request) => {
      await liftShadow(services, ...asked(request));
      return SUCCESS;
    },
  );

  app.get(
    '/chat/:chat_id/shadows',
    {
      config: { narrowed: { rights: 'read', chats: 'named' } },
      schema: {
        operationId: 'getShadows',
        tags: ['Moderation'],
        summary: 'List who is in the shadow in a group',
        description:
          'With the right `moderate`, the newest first, without the user who asks. For the next page give `next` as `cursor`.',
        security: bearer,
        params: ChatParams,
        querystring: SanctionQuery,
        response: { 200: Answer(SanctionList, 'The page. An empty one is past the end.'), ...LISTS },
      },
    },
    ({ userId, params, query }) => getSanctions(services, userId, { chatId: params.chat_id, kind: 'shadow' }, query),
  );

  app.put(
    '/chat/:chat_id/bans/:user_id',
    {
      config: { narrowed: { rights: 'write', chats: 'named' } },
      schema: {
        operationId: 'banFromChat',
        tags: ['Moderation'],
        summary: 'Ban somebody from a group',
        description:
          'With the right `moderate`, for people of a lower role, and for people who are not in the group. They are removed, and nothing brings ' +
          'them back: no link, no request, nobody who adds them (403 `BANNED`). `delete_messages` deletes what they have written there.',
        security: bearer,
        params: SanctionParams,
        body: Ref(Ban),
        response: {
          200: Answer(Success, 'They are banned.'),
          ...errorAnswers(
            ...ERRORS,
            rankTooLow,
            [userDoesNotExist, { errors: { user_id: 'There is no user 9.' } }],
            PAST,
            ...BODY_ERRORS,
          ),
        },
      },
    },
    async (request) => {
      const [moderator, target] = asked(request);
      await ban(services, moderator, target, request.body);
      return SUCCESS;
    },
  );

  app.delete(
    '/chat/:chat_id/bans/:user_id',
    {
      config: { narrowed: { rights: 'write', chats: 'named' } },
      schema: {
        operationId: 'liftBan',
        tags: ['Moderation'],
        summary: 'Lift a ban',
        description: 'They may come back, which nobody does for them. Where there is no ban nothing happens.',
        security: bearer,
        params: SanctionParams,
        response: { 200: Answer(Success, 'They are not banned.'), ...errorAnswers(...ERRORS, INVALID) },
      },
    },
    async (request) => {
      await liftBan(services, ...asked(request));
      return SUCCESS;
    },
  );

  app.get(
    '/chat/:chat_id/bans',
    {
      config: { narrowed: { rights: 'read', chats: 'named' } },
      schema: {
        operationId: 'getBans',
        tags: ['Moderation'],
        summary: 'List who is banned from a group',
        description: 'With the right `moderate`, the newest first. For the next page give `next` as `cursor`.',
        security: bearer,
        params: ChatParams,
        querystring: SanctionQuery,
        response: { 200: Answer(SanctionList, 'The page. An empty one is past the end.'), ...LISTS },
      },
    },
    ({ userId, params, query }) => getSanctions(services, userId, { chatId: params.chat_id, kind: 'ban' }, query),
  );
  done();
};
