import { Type, type Static } from '@sinclair/typebox';
import { Text, Words } from '../../shared/schema.js';
import { SecondFactorCode } from '../../second-factor/index.js';
import { InCookie } from '../sessions/index.js';
import { Email, Username } from '../users/index.js';

const MAX_PASSWORD = 2047;
const MIN_NEW_PASSWORD = 8;

export const NewPassword = Text({ minLength: MIN_NEW_PASSWORD, maxLength: MAX_PASSWORD });

/** One that may be wrong. */
export const Password = Text({ maxLength: MAX_PASSWORD, description: 'The one that is good now.' });

export const EXAMPLE_PASSWORD = 'correct horse battery staple';

/** How a client asks for a session. Clients of the first version don't, and get a token that is good for long. */
const session = {
  session: Type.Optional(
    Type.Boolean({
      description: 'Whether to begin a session: an access token of 15 minutes, and a refresh token for the next one.',
    }),
  ),
  device: Type.Optional(
    Words({
      minLength: 1,
      maxLength: 128,
      description: 'What the user knows the device by. It begins a session, too.',
    }),
  ),
  cookie: Type.Optional({ ...InCookie, description: `${InCookie.description ?? ''} It begins a session, too.` }),
};

export const Registration = Type.Object(
  {
    username: Username,
    email: Email,
    password: NewPassword,
    ...session,
  },
  {
    $id: 'Registration',
    additionalProperties: false,
    examples: [{ username: 'ada', email: 'ada@example.com', password: EXAMPLE_PASSWORD }],
  },
);
export type Registration = Static<typeof Registration>;

export const Credentials = Type.Object(
  {
    usernameOrEmail: Text({ maxLength: 255, description: 'Either; case and spaces around it do not matter.' }),
    password: Password,
    code: Type.Optional(SecondFactorCode),
    ...session,
  },
  {
    $id: 'Credentials',
    additionalProperties: false,
    examples: [{ usernameOrEmail: 'ada', password: EXAMPLE_PASSWORD }],
  },
);
export type Credentials = Static<typeof Credentials>;

export const ChangePassword = Type.Object(
  { password: Password, new_password: NewPassword },
  {
    $id: 'ChangePassword',
    additionalProperties: false,
    examples: [{ password: EXAMPLE_PASSWORD, new_password: 'staple battery horse correct' }],
  },
);
export type ChangePassword = Static<typeof ChangePassword>;
