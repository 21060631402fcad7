import { Type, type Static } from '@sinclair/typebox';
import { EXAMPLE_PASSWORD, Password } from '../auth/index.js';
import { Email } from '../users/index.js';

export const ChangeEmail = Type.Object(
  { email: Email, password: Password },
  {
    $id: 'ChangeEmail',
    additionalProperties: false,
    examples: [{ email: 'ada@example.org', password: EXAMPLE_PASSWORD }],
  },
);
export type ChangeEmail = Static<typeof ChangeEmail>;
