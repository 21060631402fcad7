import { defineError } from '../../shared/errors.js';

export const blockYourself = defineError(400, 'BLOCK_YOURSELF', "You can't block yourself.");
export const tooManyBlocks = defineError(409, 'TOO_MANY_BLOCKS', 'You have blocked as many people as one can.');
