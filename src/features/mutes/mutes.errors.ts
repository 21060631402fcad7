import { defineError } from '../../shared/errors.js';

export const muteYourself = defineError(400, 'MUTE_YOURSELF', "You can't mute yourself.");
export const tooManyMutes = defineError(409, 'TOO_MANY_MUTES', 'You have muted as many people as one can.');
