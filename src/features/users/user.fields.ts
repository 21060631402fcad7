import { Type } from '@sinclair/typebox';
import { Projection, field, timeField } from '../../database/index.js';
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

export const Bio = Text({ maxLength: 64, description: 'What the user says of themselves.' });

/** A user as they see themselves. */
export const userFields = [
  field('id', Id()),
  timeField('created_at', Time('When the user registered.')),
  timeField('updated_at', Time('When the user last changed something about themselves.')),
  field('username', Username),
  field('email', Email),
  field('bio', Nullable(Bio)),
  field('email_confirmed', Type.Boolean({ description: 'Whether the address has been shown to be theirs.' })),
] as const;

/** A user as others see them. */
export const personFields = [field('id', Id()), field('username', Username)] as const;

export const userProjection = Projection.of(userFields);
export const personProjection = Projection.of(personFields);
