import { defineError } from '../../shared/errors.js';

export const userNotFound = defineError(404, 'USER_NOT_FOUND', 'There is no such user.');
export const changedMeanwhile = defineError(409, 'CHANGED_MEANWHILE', 'This has changed meanwhile: look at it again.');
export const userSuspended = defineError(403, 'USER_SUSPENDED', 'The account of this user is suspended.');
