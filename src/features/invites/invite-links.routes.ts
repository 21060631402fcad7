import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { ChatParams, RIGHT_ERRORS, chatDoesNotExist } from '../../changes/index.js';
import { notAuthorized, validationError } from '../../shared/errors.js';
import { Answer, BODY_ERRORS, Ref, bearer, errorAnswers } from '../../shared/schema.js';
import { SUCCESS, Success } from '../../shared/success.js';
import { notAGroup } from '../chats/index.js';
import type { Services } from '../feature.js';
import { CreateInviteLink, InviteLinkList, InviteLinkParams, NewInviteLink } from './invite-links.schemas.js';
import { createLink, getLinks, revokeLink } from './invite-links.service.js';
import { inviteDoesNotExist, tooManyInvites } from './invites.errors.js';

export const inviteLinkRoutes: FastifyPluginCallbackTypebox<Services> = (app, services, done) => {
  app.post(
    '/chat/:chat_id/invite-links',
    {
      config: { narrowed: { rights: 'write', chats: 'named' } },
      schema: {
        operationId: 'createInviteLink',
        tags: ['Invitations'],
        summary: 'Make an invite link',
        description:
          'Makes a link by which people join the group, with the right `invite`. The secret is in this answer alone. The address to hand ' +
          'on is up to the application; the secret belongs after a `#` there, so that no log has it.',
        security: bearer,
        params: ChatParams,
        body: Ref(CreateInviteLink),
        response: {
          200: Answer(NewInviteLink, 'The link.'),
          ...errorAnswers(
            notAuthorized,
            chatDoesNotExist,
            notAGroup,
            ...RIGHT_ERRORS,
            tooManyInvites,
            [validationError, { errors: { max_uses: 'must be integer' } }],
            ...BODY_ERRORS,
          ),
        },
      },
    },
    (request) => createLink(services, request.userId, request.params.chat_id, request.body),
  );

  app.get(
    '/chat/:chat_id/invite-links',
    {
      config: { narrowed: { rights: 'read', chats: 'named' } },
      schema: {
        operationId: 'getInviteLinks',
        tags: ['Invitations'],
        summary: 'List the invite links of a group',
        description: 'The links that have not been taken back, with the right `invite`. At most 100.',
        security: bearer,
        params: ChatParams,
        response: {
          200: Answer(InviteLinkList, 'The links.'),
          ...errorAnswers(notAuthorized, chatDoesNotExist, notAGroup, ...RIGHT_ERRORS, [
            validationError,
            { errors: { chat_id: 'must be integer' } },
          ]),
        },
      },
    },
    (request) => getLinks(services, request.userId, request.params.chat_id),
  );

  app.delete(
    '/chat/:chat_id/invite-links/:link_id',
    {
      config: { narrowed: { rights: 'write', chats: 'named' } },
      schema: {
        operationId: 'revokeInviteLink',
        tags: ['Invitations'],
        summary: 'Take an invite link back',
        description: 'From now on nobody joins by it. Who has joined stays, and who has asked to join still asks.',
        security: bearer,
        params: InviteLinkParams,
        response: {
          200: Answer(Success, 'It is taken back.'),
          ...errorAnswers(notAuthorized, chatDoesNotExist, notAGroup, ...RIGHT_ERRORS, inviteDoesNotExist, [
            validationError,
            { errors: { link_id: 'must be integer' } },
          ]),
        },
      },
    },
    async (request) => {
      await revokeLink(services, request.userId, request.params.chat_id, request.params.link_id);
      return SUCCESS;
    },
  );
  done();
};
