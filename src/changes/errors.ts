import { defineError } from '../shared/errors.js';

/** The same for a chat that there is not and for one in which the caller takes no part. */
export const chatDoesNotExist = defineError(404, 'CHAT_DOES_NOT_EXIST', "This chat doesn't exist.");
