import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { RIGHT_ERRORS, chatDoesNotExist } from '../../changes/index.js';
import { notAuthorized, validationError } from '../../shared/errors.js';
import { Answer, BODY_ERRORS, Ref, bearer, errorAnswers } from '../../shared/schema.js';
import { SUCCESS, Success } from '../../shared/success.js';
import { notAGroup } from '../chats/index.js';
import type { Services } from '../feature.js';
import { participantDoesNotExist, rankTooLow } from '../participants/index.js';
import { ChangeParticipant, ParticipantParams } from './roles.schemas.js';
import { changeRole } from './roles.service.js';

export const roleRoutes: FastifyPluginCallbackTypebox<Services> = (app, services, done) => {
  app.patch(
    '/chat/:chat_id/participants/:user_id',
    {
      config: { narrowed: { rights: 'write', chats: 'named' } },
      schema: {
        operationId: 'changeParticipant',
        tags: ['Chats'],
        summary: 'Give somebody another role',
        description:
          'Gives a participant of a group another role. With the right `set_roles` that is a role below the own one, for people whose role is ' +
          'below it, too; the owner may also make somebody else the owner. Everybody may give themselves a lower role. With the role that ' +
          'they have nothing happens.',
        security: bearer,
        params: ParticipantParams,
        body: Ref(ChangeParticipant),
        response: {
          200: Answer(Success, 'They have the role.'),
          ...errorAnswers(
            notAuthorized,
            chatDoesNotExist,
            notAGroup,
            ...RIGHT_ERRORS,
            rankTooLow,
            participantDoesNotExist,
            [validationError, { errors: { role: 'must be equal to one of the allowed values' } }],
            ...BODY_ERRORS,
          ),
        },
      },
    },
    async (request) => {
      const { chat_id, user_id } = request.params;
      await changeRole(services, request.userId, chat_id, { userId: user_id, role: request.body.role });
      return SUCCESS;
    },
  );
  done();
};
