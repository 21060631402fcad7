import { defineError } from '../../shared/errors.js';

export const tooManyPins = defineError(409, 'TOO_MANY_PINS', 'There are 100 pinned messages in this chat already.');
