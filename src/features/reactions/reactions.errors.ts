import { defineError } from '../../shared/errors.js';

export const tooManyEmojis = defineError(
  409,
  'TOO_MANY_EMOJIS',
  'There are 20 different reactions to this message already.',
);
