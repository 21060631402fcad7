import { Type, type Static } from '@sinclair/typebox';
import { Text } from '../../shared/schema.js';
import { Email, Username } from '../users/index.js';

const MAX_PASSWORD = 2047;
const MIN_NEW_PASSWORD = 8;

const EXAMPLE_PASSWORD = 'correct horse battery staple';

export const Registration = Type.Object(
  {
    username: Username,
    email: Email,
    password: Text({ minLength: MIN_NEW_PASSWORD, maxLength: MAX_PASSWORD }),
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
    password: Text({ maxLength: MAX_PASSWORD }),
  },
  {
    $id: 'Credentials',
    additionalProperties: false,
    examples: [{ usernameOrEmail: 'ada', password: EXAMPLE_PASSWORD }],
  },
);
export type Credentials = Static<typeof Credentials>;

export const AccessToken = Type.Object(
  {
    access_token: Type.String({ description: 'A JWT (HS256); `sub` is the id of the user, `exp` when it expires.' }),
    token_type: Type.String({ description: 'Always `bearer`.' }),
  },
  {
    $id: 'AccessToken',
    description: 'What every other request carries in its `Authorization` header.',
    examples: [
      {
        access_token:
          'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiI1IiwiaWF0IjoxNzk1NDI0NDAwLCJleHAiOjE3OTgwMTY0MDB9.c2lnbmF0dXJl',
        token_type: 'bearer',
      },
    ],
  },
);
export type AccessToken = Static<typeof AccessToken>;
