import { defineError } from '../shared/errors.js';

export const secondFactorRequired = defineError(
  403,
  'SECOND_FACTOR_REQUIRED',
  'The password is right. A code of the second factor is required, too.',
);
export const wrongCode = defineError(403, 'WRONG_CODE', 'This code is wrong or used. Wait for the next one.');
