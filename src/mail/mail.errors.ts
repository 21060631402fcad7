import { defineError } from '../shared/errors.js';

export const noMail = defineError(400, 'NO_MAIL', 'This server sends no mail.');
