import { defineError } from '../../shared/errors.js';

export const notAGroup = defineError(400, 'NOT_A_GROUP', 'This is a private chat: only a group can be changed.');
