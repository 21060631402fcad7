import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { notAuthorized, validationError } from '../../shared/errors.js';
import { Answer, BODY_ERRORS, Ref, bearer, errorAnswers } from '../../shared/schema.js';
import type { Services } from '../feature.js';
import { banned } from '../participants/index.js';
import { inviteNotValid } from './invites.errors.js';
import { InvitePreview, InviteToken, Joining } from './join.schemas.js';
import { join, preview } from './join.service.js';

const ERRORS = errorAnswers(
  notAuthorized,
  inviteNotValid,
  banned,
  [validationError, { errors: { token: 'must be string' } }],
  ...BODY_ERRORS,
);

export const joinRoutes: FastifyPluginCallbackTypebox<Services> = (app, services, done) => {
  app.post(
    '/invite/preview',
    {
      schema: {
        operationId: 'previewInvite',
        tags: ['Invitations'],
        summary: 'Look at what an invite link leads to',
        description: 'Shows the group of a link to a user who has its secret, and changes nothing.',
        security: bearer,
        body: Ref(InviteToken),
        response: { 200: Answer(InvitePreview, 'The group.'), ...ERRORS },
      },
    },
    async (request) => {
      await app.rateLimits.searches.consume(request.userId);
      return preview(services, request.userId, request.body.token);
    },
  );

  app.post(
    '/invite/join',
    {
      schema: {
        operationId: 'joinByInvite',
        tags: ['Invitations'],
        summary: 'Join a group by a link',
        description:
          'Adds the user to the group of a link, or asks for it where somebody has to decide. It may be repeated: one joins once, asks once, ' +
          'and uses the link once.',
        security: bearer,
        body: Ref(InviteToken),
        response: { 200: Answer(Joining, 'What became of it.'), ...ERRORS },
      },
    },
    async (request) => {
      await app.rateLimits.searches.consume(request.userId);
      await app.rateLimits.people.consume(request.userId, 1);
      return join(services, request.userId, request.body.token);
    },
  );
  done();
};
