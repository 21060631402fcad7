import { defineError } from '../../shared/errors.js';

export const draftChangedMeanwhile = defineError(
  409,
  'DRAFT_CHANGED',
  'This draft has another revision by now, perhaps of another device: look at it again.',
);
