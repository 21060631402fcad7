import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { actorOf } from '../../audit/index.js';
import { validationError } from '../../shared/errors.js';
import { Answer, BODY_ERRORS, Ref, apiKey, bearer, errorAnswers } from '../../shared/schema.js';
import { ADMIN_ERRORS } from '../admin/index.js';
import type { Services } from '../feature.js';
import { changedMeanwhile } from '../users/index.js';
import { FilterSettings, SetFilters } from './filters.schemas.js';
import { getFilters, setFilters, shownSettings } from './filters.service.js';

const SECURITY = [...bearer, ...apiKey];
/** As many words and domains as there may be, in any script. */
const BODY_LIMIT_BYTES = 768 * 1024;

export const filterRoutes: FastifyPluginCallbackTypebox<Services> = (app, services, done) => {
  app.get(
    '/admin/filters',
    {
      schema: {
        operationId: 'getFilters',
        tags: ['Administration'],
        summary: 'What the filters look for',
        description: 'All are off until somebody sets them.',
        security: SECURITY,
        response: { 200: Answer(FilterSettings, 'The filters.'), ...errorAnswers(...ADMIN_ERRORS) },
      },
    },
    () => getFilters(services),
  );

  app.put(
    '/admin/filters',
    {
      bodyLimit: BODY_LIMIT_BYTES,
      schema: {
        operationId: 'setFilters',
        tags: ['Administration'],
        summary: 'Set what the filters look for',
        description:
          'All anew: what is not given is off. They look at messages before they are sent, at edits, and at scheduled messages when it is time; ' +
          'on all nodes within a second.',
        security: SECURITY,
        body: Ref(SetFilters),
        response: {
          200: Answer(FilterSettings, 'The filters as they are now.'),
          ...errorAnswers(
            ...ADMIN_ERRORS,
            changedMeanwhile,
            [validationError, { errors: { words: 'must have words alone, each perhaps with a * behind it' } }],
            ...BODY_ERRORS,
          ),
        },
      },
    },
    async (request) => {
      const stored = await setFilters(services, actorOf(request), request.body);
      services.filter.apply(stored);
      return shownSettings(stored);
    },
  );
  done();
};
