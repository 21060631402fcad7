import { defineError } from '../../shared/errors.js';

export const receiptsOff = defineError(
  403,
  'RECEIPTS_OFF',
  'You show nobody what you have read, and so you see it of nobody.',
);
