import { defineError } from '../../shared/errors.js';

export const invalidCode = defineError(400, 'INVALID_CODE', 'This code is wrong, used or expired.');
export const noEmail = defineError(400, 'NO_EMAIL', 'This user has no e-mail address.');
export const alreadyConfirmed = defineError(400, 'EMAIL_CONFIRMED', 'This e-mail address is confirmed already.');
