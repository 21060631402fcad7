import { defineError } from '../../shared/errors.js';

export const userDoesNotExist = defineError(400, 'USER_NOT_EXISTS', "This user doesn't exist.");
export const participantDoesNotExist = defineError(
  404,
  'PARTICIPANT_DOES_NOT_EXIST',
  'This user takes no part in the chat.',
);
export const rankTooLow = defineError(403, 'RANK_TOO_LOW', 'This needs a higher role than that of the other user.');
export const banned = defineError(403, 'BANNED', 'Who is banned from this group does not come back.');
