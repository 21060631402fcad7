import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { actorOf } from '../../audit/index.js';
import { notAuthorized, validationError } from '../../shared/errors.js';
import { Answer, BODY_ERRORS, Ref, apiKey, errorAnswers } from '../../shared/schema.js';
import { SUCCESS, Success } from '../../shared/success.js';
import type { Services } from '../feature.js';
import { addressNotAllowed, apiKeyNotFound, scopeRequired, secretInBrowser } from './api-keys.errors.js';
import { listKeys, revokeKey } from './api-keys.queries.js';
import { ApiKeyList, ApiKeyParams, CreateApiKey, NewApiKey } from './api-keys.schemas.js';
import { createKey, shownKey } from './api-keys.service.js';

/** What any request by a key may be answered with. */
export const KEY_ERRORS = [notAuthorized, secretInBrowser, addressNotAllowed, scopeRequired] as const;

export const apiKeyRoutes: FastifyPluginCallbackTypebox<Services> = (app, { db }, done) => {
  app.get(
    '/server/keys',
    {
      config: { scope: 'admin' },
      schema: {
        operationId: 'listApiKeys',
        tags: ['Server'],
        summary: 'List the API keys',
        description: 'All keys. What is shown of them is no secret.',
        security: apiKey,
        response: { 200: Answer(ApiKeyList, 'The keys.'), ...errorAnswers(...KEY_ERRORS) },
      },
    },
    async () => ({ api_keys: (await listKeys(db)).map(shownKey) }),
  );

  app.post(
    '/server/keys',
    {
      config: { scope: 'admin' },
      schema: {
        operationId: 'createApiKey',
        tags: ['Server'],
        summary: 'Make an API key',
        description:
          'Makes another key. To replace one, make the new one first, and revoke the old one when it is not used any more.',
        security: apiKey,
        body: Ref(CreateApiKey),
        response: {
          200: Answer(NewApiKey, 'The key, which is shown this once.'),
          ...errorAnswers(
            ...KEY_ERRORS,
            [validationError, { errors: { scopes: 'must NOT have fewer than 1 items' } }],
            ...BODY_ERRORS,
          ),
        },
      },
    },
    async (request) => {
      const { key, stored } = await createKey(db, request.body, actorOf(request));
      return { key, api_key: shownKey(stored) };
    },
  );

  app.delete(
    '/server/keys/:key_id',
    {
      config: { scope: 'admin' },
      schema: {
        operationId: 'revokeApiKey',
        tags: ['Server'],
        summary: 'Revoke an API key',
        description: 'Ends a key within a second, on every node. A key that has ended stays so.',
        security: apiKey,
        params: ApiKeyParams,
        response: {
          200: Answer(Success, 'The key has ended.'),
          ...errorAnswers(...KEY_ERRORS, apiKeyNotFound, [validationError, { errors: { key_id: 'must be integer' } }]),
        },
      },
    },
    async (request) => {
      const { key_id: id } = request.params;
      if (!(await revokeKey(db, { id }, actorOf(request)))) throw apiKeyNotFound();
      return SUCCESS;
    },
  );
  done();
};
