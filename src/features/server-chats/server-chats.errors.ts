import { defineError } from '../../shared/errors.js';

export const chatKeyConflict = defineError(
  409,
  'CHAT_KEY_CONFLICT',
  'The two people have a private chat under another key, or this key is of another chat.',
);
