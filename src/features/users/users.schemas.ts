import { Type, type Static } from '@sinclair/typebox';
import { Id, Nullable, Text, Time } from '../../shared/schema.js';

const USERNAME_PATTERN = '^[A-Za-z0-9_.-]{1,64}$';

export const Username = Type.String({
  pattern: USERNAME_PATTERN,
  minLength: 1,
  maxLength: 64,
  description: 'Letters, digits, `_`, `.` and `-`. Unique without regard to case.',
});

export const Email = Type.String({
  format: 'email',
  maxLength: 255,
  description:
    'Kept in lower case, and a domain of other letters than ASCII as its ASCII form (`xn--…`). Unique without regard to ' +
    'case and to that form. What stands before the @ is ASCII.',
});

const Bio = Text({ maxLength: 64, description: 'What the user says of themselves.' });

export const User = Type.Object(
  {
    id: Id(),
    created_at: Time('When the user registered.'),
    updated_at: Time('When the user last changed something about themselves.'),
    username: Username,
    email: Email,
    bio: Nullable(Bio),
    email_confirmed: Type.Boolean({ description: 'Whether the address has been shown to be theirs.' }),
  },
  {
    $id: 'User',
    description: 'A user, as only they see themselves.',
    examples: [
      {
        id: 5,
        created_at: '2026-11-23T09:00:00.000Z',
        updated_at: '2026-11-23T09:05:12.250Z',
        username: 'ada',
        email: 'ada@example.com',
        bio: 'Counting on engines.',
        email_confirmed: false,
      },
    ],
  },
);
export type User = Static<typeof User>;

export const ShortUser = Type.Object(
  { id: Id(), username: Username },
  { $id: 'ShortUser', description: 'A user, as others see them.', examples: [{ id: 5, username: 'ada' }] },
);
export type ShortUser = Static<typeof ShortUser>;

export const ChangeBio = Type.Object(
  { bio: Bio },
  { $id: 'ChangeBio', additionalProperties: false, examples: [{ bio: 'Counting on engines.' }] },
);
