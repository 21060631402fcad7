import { Type } from '@sinclair/typebox';
import { Text } from '../../shared/schema.js';

export const MailedCode = Text({
  minLength: 1,
  maxLength: 128,
  description: 'The code from the mail, or the `token` of its link. Spaces around it do not matter.',
});

export const ConfirmEmail = Type.Object(
  { token: MailedCode },
  { $id: 'ConfirmEmail', additionalProperties: false, examples: [{ token: 'q7Zt1vKc0RmWx4LhB9sYd2Ne' }] },
);
