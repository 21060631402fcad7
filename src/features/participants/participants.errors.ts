import { defineError } from '../../shared/errors.js';

export const userDoesNotExist = defineError(400, 'USER_NOT_EXISTS', "This user doesn't exist.");
/** The spelling of the code is that of existing clients: after its creator has left, a group has another owner. */
export const notTheCreator = defineError(403, 'NOT_THE_CREATOR', 'Only the owner of the group may remove others.');
export const participantDoesNotExist = defineError(
  404,
  'PARTICIPANT_DOES_NOT_EXIST',
  'This user takes no part in the chat.',
);
