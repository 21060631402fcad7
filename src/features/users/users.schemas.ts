import { Type, type Static } from '@sinclair/typebox';
import { propertiesOf } from '../../database/index.js';
import { CustomDataPatch } from '../../shared/custom-data.js';
import { Id, Nullable, Position, Ref, SmallInteger, WithDefault, Words } from '../../shared/schema.js';
import {
  AcceptsMessages,
  AvatarUrl,
  Bio,
  DisplayName,
  Findable,
  Locale,
  Notifications,
  ShowsLastSeen,
  ShowsReceipts,
  personFields,
  profileFields,
  userFields,
} from './user.fields.js';

/** For the examples of all features. */
export const ADA = {
  id: 5,
  username: 'ada',
  name: 'Ada Lovelace',
  avatar_url: 'https://example.com/ada.png',
  external_id: null,
  version: 3,
};
export const CHARLES = {
  id: 7,
  username: 'charles',
  name: 'charles',
  avatar_url: null,
  external_id: 'customer-1791',
  version: 0,
};

const EXAMPLE_PROFILE = { ...ADA, bio: 'Counting on engines.', custom: { pronouns: 'she/her' }, trusted: {} };

export const User = Type.Object(propertiesOf(userFields), {
  $id: 'User',
  description: 'A user, as only they see themselves.',
  examples: [
    {
      ...EXAMPLE_PROFILE,
      created_at: '2026-11-23T09:00:00.000Z',
      updated_at: '2026-11-23T09:05:12.250Z',
      email: 'ada@example.com',
      email_confirmed: false,
      private: { theme: 'dark' },
      role: 'user',
      accepts_messages: 'everybody',
      two_factor: false,
      findable: true,
      shows_last_seen: true,
      shows_receipts: true,
      locale: 'en-GB',
      teams: ['engines'],
      notifications: 'all',
    },
  ],
});
export type User = Static<typeof User>;

export const ShortUser = Type.Object(propertiesOf(personFields), {
  $id: 'ShortUser',
  description: 'A user, as others see them.',
  examples: [ADA],
});
export type ShortUser = Static<typeof ShortUser>;

export const Profile = Type.Object(propertiesOf(profileFields), {
  $id: 'Profile',
  description: 'All that others may know of a user.',
  examples: [EXAMPLE_PROFILE],
});
export type Profile = Static<typeof Profile>;

export const UserParams = Type.Object({ user_id: Id('The user.', { examples: [5] }) });

export const ChangeBio = Type.Object(
  { bio: Bio },
  { $id: 'ChangeBio', additionalProperties: false, examples: [{ bio: 'Counting on engines.' }] },
);

export const IfVersion = Position('Change nothing unless the profile has this `version`.');

export const ChangeMe = Type.Object(
  {
    name: Type.Optional(Nullable({ ...DisplayName, description: `${DisplayName.description ?? ''} null: none.` })),
    avatar_url: Type.Optional(Nullable({ ...AvatarUrl, description: `${AvatarUrl.description ?? ''} null: none.` })),
    bio: Type.Optional(Bio),
    custom: Type.Optional(CustomDataPatch('For everybody to read.')),
    private: Type.Optional(CustomDataPatch('For the user alone.')),
    accepts_messages: Type.Optional(Ref(AcceptsMessages)),
    findable: Type.Optional(Findable),
    shows_last_seen: Type.Optional(ShowsLastSeen),
    shows_receipts: Type.Optional(ShowsReceipts),
    locale: Type.Optional(Nullable({ ...Locale, description: `${Locale.description ?? ''} null: none.` })),
    notifications: Type.Optional(Ref(Notifications)),
    if_version: Type.Optional(IfVersion),
  },
  {
    $id: 'ChangeMe',
    additionalProperties: false,
    minProperties: 1,
    examples: [{ name: 'Ada Lovelace', custom: { pronouns: 'she/her' } }],
  },
);
export type ChangeMe = Static<typeof ChangeMe>;

export const MAX_WORDS = 128;

export const UserSearchQuery = Type.Object({
  q: Words({
    maxLength: 1024,
    description:
      `What the person has typed: at most ${MAX_WORDS} characters without spaces around them. Case, accents and punctuation do not ` +
      'matter.',
    examples: ['lovelace'],
  }),
  limit: WithDefault(
    SmallInteger({
      minimum: 1,
      maximum: 50,
      default: 20,
      description: 'How many users, at the most.',
      examples: [20],
    }),
  ),
});
export type UserSearchQuery = Static<typeof UserSearchQuery>;

export const FoundUsers = Type.Object(
  { users: Type.Array(Ref(ShortUser), { description: 'The best first.' }) },
  { $id: 'FoundUsers', description: 'The users whom a search has found.', examples: [{ users: [ADA] }] },
);
export type FoundUsers = Static<typeof FoundUsers>;
