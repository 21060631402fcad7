import { defineError } from '../../shared/errors.js';

export const chatExists = defineError(403, 'CHAT_EXISTS', 'You have a private chat with this user already.');
export const chatWithYourself = defineError(400, 'CHAT_WITH_YOURSELF', "You can't open a chat with yourself.");
