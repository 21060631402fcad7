import { defineError } from '../../shared/errors.js';

export const messageDoesNotExist = defineError(404, 'MESSAGE_DOES_NOT_EXIST', "This message doesn't exist.");
export const notTheOwner = defineError(403, 'NOT_THE_OWNER', 'This message is of somebody else.');
