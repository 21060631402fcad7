import { Type, type Static } from '@sinclair/typebox';
import { EXAMPLE_PASSWORD, NewPassword } from '../auth/index.js';
import { MailedCode } from '../email/index.js';
import { Email } from '../users/index.js';

export const ForgottenPassword = Type.Object(
  { email: Email },
  { $id: 'ForgottenPassword', additionalProperties: false, examples: [{ email: 'ada@example.com' }] },
);

export const ResetPassword = Type.Object(
  { token: MailedCode, password: NewPassword },
  {
    $id: 'ResetPassword',
    additionalProperties: false,
    examples: [{ token: 'q7Zt1vKc0RmWx4LhB9sYd2Ne', password: EXAMPLE_PASSWORD }],
  },
);
export type ResetPassword = Static<typeof ResetPassword>;
