import { Type, type Static } from '@sinclair/typebox';
import { propertiesOf } from '../../database/index.js';
import { Bio, personFields, userFields } from './user.fields.js';

export const User = Type.Object(propertiesOf(userFields), {
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
});
export type User = Static<typeof User>;

export const ShortUser = Type.Object(propertiesOf(personFields), {
  $id: 'ShortUser',
  description: 'A user, as others see them.',
  examples: [{ id: 5, username: 'ada' }],
});
export type ShortUser = Static<typeof ShortUser>;

export const ChangeBio = Type.Object(
  { bio: Bio },
  { $id: 'ChangeBio', additionalProperties: false, examples: [{ bio: 'Counting on engines.' }] },
);
