import { defineError } from '../../shared/errors.js';

export const scheduledDoesNotExist = defineError(
  404,
  'SCHEDULED_DOES_NOT_EXIST',
  "This scheduled message doesn't exist.",
);
export const tooManyScheduled = defineError(
  409,
  'TOO_MANY_SCHEDULED',
  'You have as many scheduled messages as one can.',
);
export const noLongerWaiting = defineError(
  409,
  'NO_LONGER_WAITING',
  'This message has been sent or cancelled, or is being sent just now.',
);
