import { defineError } from '../../shared/errors.js';

export const tooManyReminders = defineError(409, 'TOO_MANY_REMINDERS', 'You have as many reminders as one can.');
