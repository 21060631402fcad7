import { defineError } from '../../shared/errors.js';

export const messageDoesNotExist = defineError(404, 'MESSAGE_DOES_NOT_EXIST', "This message doesn't exist.");
export const notTheOwner = defineError(403, 'NOT_THE_OWNER', 'You are not the author of this message.');
export const clientIdTaken = defineError(409, 'CLIENT_ID_TAKEN', 'You have used this client_id for something else.');
/** One for every reason, so that nobody learns which it is, nor whose. */
export const notAcceptingMessages = defineError(
  403,
  'NOT_ACCEPTING_MESSAGES',
  "You and this user can't write to each other.",
);
export const threadDoesNotExist = defineError(
  404,
  'THREAD_DOES_NOT_EXIST',
  'There is no such message in this chat that could have a thread.',
);
export const threadInThread = defineError(
  404,
  'THREAD_IN_THREAD',
  'This message is in a thread itself, and has none of its own.',
);
export const chatFrozen = defineError(403, 'CHAT_FROZEN', 'This group is frozen: only some may write in it.');
export const editWindowOver = defineError(403, 'EDIT_WINDOW_OVER', 'This message is too old to be edited.');
/** Never says which word or link it is, so that nobody finds out what else is looked for. */
export const filtered = defineError(403, 'FILTERED', 'This message is not accepted here.');
export const sentMessageDeleted = defineError(
  410,
  'MESSAGE_DELETED',
  'This message was sent, and has been deleted since.',
);
