import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { ChatParams, chatDoesNotExist } from '../../changes/index.js';
import { notAuthorized, validationError } from '../../shared/errors.js';
import { Answer, BODY_ERRORS, Ref, bearer, errorAnswers } from '../../shared/schema.js';
import { MAX_DRAFT } from '../chats/index.js';
import type { Services } from '../feature.js';
import { contentsBodyLimit } from '../messages/index.js';
import { draftChangedMeanwhile } from './drafts.errors.js';
import { Draft, RemoveDraftQuery, WriteDraft } from './drafts.schemas.js';
import { setDraft } from './drafts.service.js';

export const draftRoutes: FastifyPluginCallbackTypebox<Services> = (app, services, done) => {
  app.put(
    '/chat/:chat_id/draft',
    {
      bodyLimit: contentsBodyLimit({ maxLength: MAX_DRAFT }),
      config: { narrowed: { rights: 'write', chats: 'named' } },
      schema: {
        operationId: 'writeDraft',
        tags: ['Chats'],
        summary: 'Keep a draft',
        description:
          'Keeps what the user has begun to write in a chat, for all of their devices (`chat.draft`) and for nobody else. Who ' +
          'writes last wins, unless `if_revision` says on what it goes on. A message that is sent with the `draft_revision` takes the ' +
          'draft away.',
        security: bearer,
        params: ChatParams,
        body: Ref(WriteDraft),
        response: {
          200: Answer(Draft, 'The draft.'),
          ...errorAnswers(
            notAuthorized,
            chatDoesNotExist,
            draftChangedMeanwhile,
            [validationError, { errors: { contents: 'must NOT have fewer than 1 characters' } }],
            ...BODY_ERRORS,
          ),
        },
      },
    },
    ({ userId, params, body: { contents, reply_to_id: replyToId, if_revision: revision } }) =>
      setDraft(services, userId, params.chat_id, { contents, replyToId, revision }),
  );

  app.delete(
    '/chat/:chat_id/draft',
    {
      config: { narrowed: { rights: 'write', chats: 'named' } },
      schema: {
        operationId: 'removeDraft',
        tags: ['Chats'],
        summary: 'Throw a draft away',
        description: 'Where there is none nothing happens.',
        security: bearer,
        params: ChatParams,
        querystring: RemoveDraftQuery,
        response: {
          200: Answer(Draft, 'There is no draft.'),
          ...errorAnswers(notAuthorized, chatDoesNotExist, draftChangedMeanwhile, [
            validationError,
            { errors: { if_revision: 'must be integer' } },
          ]),
        },
      },
    },
    ({ userId, params, query }) =>
      setDraft(services, userId, params.chat_id, { contents: null, revision: query.if_revision }),
  );
  done();
};
