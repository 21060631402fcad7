import { defineError } from '../../shared/errors.js';

export const chatExists = defineError(403, 'CHAT_EXISTS', 'You have a private chat with this user already.');
export const chatWithYourself = defineError(400, 'CHAT_WITH_YOURSELF', "You can't open a chat with yourself.");
export const userDoesNotExist = defineError(400, 'USER_NOT_EXISTS', "This user doesn't exist.");
export const notAGroup = defineError(400, 'NOT_A_GROUP', 'This is a private chat: only a group can be changed.');
/** The spelling of the code is that of existing clients: after its creator has left, a group has another owner. */
export const notTheCreator = defineError(403, 'NOT_THE_CREATOR', 'Only the owner of the group may remove others.');
export const participantDoesNotExist = defineError(
  404,
  'PARTICIPANT_DOES_NOT_EXIST',
  'This user takes no part in the chat.',
);
