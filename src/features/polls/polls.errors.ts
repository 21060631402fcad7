import { defineError } from '../../shared/errors.js';

export const pollDoesNotExist = defineError(404, 'POLL_DOES_NOT_EXIST', 'This message has no such poll or option.');
export const pollClosed = defineError(409, 'POLL_CLOSED', 'This poll is closed.');
export const tooManyOptions = defineError(409, 'TOO_MANY_OPTIONS', 'This poll has 20 options already.');
export const optionsFixed = defineError(403, 'OPTIONS_FIXED', 'Nobody may add options to this poll.');
/** One for both reasons: neither is a secret. */
export const votersHidden = defineError(403, 'VOTERS_HIDDEN', 'Who has voted is not shown, or not yet.');
