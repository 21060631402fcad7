import { Text } from '../shared/schema.js';

/** Longer than any code with the spaces that people put into it. */
const MAX_CODE = 64;

export const SecondFactorCode = Text({
  minLength: 1,
  maxLength: MAX_CODE,
  description:
    'The six digits that the app for codes shows now, or a recovery code. Spaces do not matter. Each works once.',
});
