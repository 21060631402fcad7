import { defineError } from '../../shared/errors.js';

/** One for every reason, so that a guess learns nothing. */
export const inviteNotValid = defineError(
  404,
  'INVITE_NOT_VALID',
  'This invitation is not valid: it may have ended, been used up or been taken back.',
);
export const inviteDoesNotExist = defineError(404, 'INVITE_DOES_NOT_EXIST', "This group doesn't have such a link.");
export const tooManyInvites = defineError(409, 'TOO_MANY_INVITES', 'This group has as many links as one can have.');
export const noJoinRequest = defineError(404, 'NO_JOIN_REQUEST', 'This user does not ask to join the group.');
