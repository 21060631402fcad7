import { Type, type Static } from '@sinclair/typebox';
import { Projection, field, timeField, usually, usuallyNull } from '../../database/index.js';
import { CustomData } from '../../shared/custom-data.js';
import { LOCALE_PATTERN, MAX_LOCALE_LENGTH } from '../../shared/locale.js';
import { MAX_TEAMS, TEAM_PATTERN } from '../../shared/teams.js';
import { Id, Nullable, OpenText, Position, Ref, Text, Time, Words } from '../../shared/schema.js';

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

const MAX_NAME = 128;
const MAX_URL = 1024;

/** As a client gives it. */
export const DisplayName = Words({
  minLength: 1,
  maxLength: MAX_NAME,
  description: 'The name that people see; not only spaces or characters that show nothing.',
});

/** As a client gives it. The picture is loaded by clients, never by this server. */
export const AvatarUrl = Text({
  pattern: '^https?://',
  maxLength: MAX_URL,
  description: 'Where a picture is: an http:// or https:// address.',
});

export const ExternalId = Text({
  minLength: 1,
  maxLength: 255,
  description: 'The id of the user in the host application.',
});

/** What programs have attached to a row: nothing is an empty object. @param table unless it is that of the projection. */
export function customField<const Name extends string>(name: Name, description: string, table?: string) {
  return field(name, CustomData(description), {
    sql: (row) => `coalesce(${table ?? row}.${name}, '{}'::jsonb)`,
    usual: usuallyNull(name, {}, table),
  });
}

export const Locale = Type.String({
  pattern: LOCALE_PATTERN,
  maxLength: MAX_LOCALE_LENGTH,
  description: 'The language of the user, and what else belongs to it: a tag such as `de` or `pt-BR`.',
});

/** Who may write to a user privately. */
export const AcceptsMessages = Type.Unsafe<'everybody' | 'nobody'>({
  $id: 'AcceptsMessages',
  type: 'string',
  enum: ['everybody', 'nobody'],
  description:
    '`everybody`, or `nobody`: then only people write to the user privately to whom the user has written, in the first or the ' +
    'last hundred messages of their chat.',
});
export type AcceptsMessages = Static<typeof AcceptsMessages>;

/** Of which messages a user wants notifications. */
export const Notifications = Type.Unsafe<'all' | 'mentions' | 'none'>({
  $id: 'Notifications',
  type: 'string',
  enum: ['all', 'mentions', 'none'],
  description:
    'Of which messages the user wants notifications, in chats that say nothing else: `mentions` are those that name the user.',
});
export type Notifications = Static<typeof Notifications>;

export const Findable = Type.Boolean({ description: 'Whether others find the user by a search.' });

export const ShowsLastSeen = Type.Boolean({
  description:
    'Whether others see that the user is there, and when they were last; if not, the user sees it of nobody.',
});

export const ShowsReceipts = Type.Boolean({
  description:
    'Whether others learn which messages the user has received and read; if not, the user learns it of nobody.',
});

export const Teams = Type.Array(
  Type.String({
    pattern: TEAM_PATTERN,
    minLength: 1,
    maxLength: 64,
    description: 'Letters, digits, `_`, `.`, `:` and `-`.',
  }),
  {
    maxItems: MAX_TEAMS,
    description:
      'The teams that the host application has put the user in. Two users meet who have a team in common, or who both have none; ' +
      'others neither find each other, nor open a private chat, nor add each other to a group.',
  },
);

const name = field(
  'name',
  Text({ maxLength: MAX_NAME, description: 'The name to show: the username while the user has no other.' }),
  { sql: (user) => `coalesce(${user}.name, ${user}.username)` },
);
/** Of a row that has the column. */
export const avatarField = field(
  'avatar_url',
  Nullable(Text({ maxLength: MAX_URL, description: 'Where a picture is; null: there is none.' })),
);
const externalId = field(
  'external_id',
  Nullable({ ...ExternalId, description: 'The id in the host application; null when it does not know the user.' }),
);
const bio = field('bio', Nullable(Bio));
const custom = customField('custom', 'What the user has attached to themselves, for everybody to read.');
const trusted = customField('trusted', 'What the host application has attached to the user, for everybody to read.');
const version = field(
  'version',
  Position('Ascends with each change of the profile: of two states, the one with the greater version is newer.'),
  { sql: (user) => `${user}.profile_pts` },
);

const registeredAt = timeField('created_at', Time('When the user registered.'));
const email = field(
  'email',
  Type.String({
    maxLength: 255,
    description: 'In lower case; empty for a user of the host application without one.',
  }),
  { sql: (user) => `coalesce(${user}.email, '')` },
);
const emailConfirmed = field(
  'email_confirmed',
  Type.Boolean({ description: 'Whether the address has been shown to be theirs.' }),
);
const ROLE_MEANING = 'What the user may do: an `admin` may use `/admin/…`.';
/** As an API key gives it. */
export const UserRole = Type.Unsafe<'user' | 'admin'>({
  $id: 'UserRole',
  type: 'string',
  enum: ['user', 'admin'],
  description: `${ROLE_MEANING} To change it needs the scope \`admin\`.`,
});
const role = field('role', OpenText(['user', 'admin'], ROLE_MEANING), { usual: usually('role', "'user'", 'user') });
const twoFactor = field('two_factor', Type.Boolean({ description: 'Whether a login also needs a code.' }), {
  sql: (user) => `(${user}.two_factor_at is not null)`,
  usual: { sql: (user) => `${user}.two_factor_at is null`, value: false },
});

/** A user as they see themselves. */
export const userFields = [
  field('id', Id()),
  registeredAt,
  timeField('updated_at', Time('When the user last changed something about themselves.'), { sameAs: 'created_at' }),
  field('username', Username),
  email,
  bio,
  emailConfirmed,
  name,
  avatarField,
  externalId,
  custom,
  trusted,
  customField('private', 'What only the user reads and writes.'),
  field('accepts_messages', Ref(AcceptsMessages), {
    usual: usually('accepts_messages', "'everybody'", 'everybody'),
  }),
  field('findable', Findable, { usual: usually('findable', 'true', true) }),
  field('shows_last_seen', ShowsLastSeen, { usual: usually('shows_last_seen', 'true', true) }),
  field('shows_receipts', ShowsReceipts, { usual: usually('shows_receipts', 'true', true) }),
  field('locale', Nullable(Locale), { usual: usuallyNull('locale') }),
  field('teams', Teams, { usual: usually('teams', "'{}'", []) }),
  field('notifications', Ref(Notifications), { usual: usually('notifications', "'all'", 'all') }),
  version,
  role,
  twoFactor,
] as const;

/** What admins see of an account beside the profile. */
export const accountFields = [registeredAt, email, emailConfirmed, role, twoFactor] as const;

/** For admins and the host application. */
export const suspensionFields = [
  timeField('suspended_at', Nullable(Time('Since when nobody can use the account; null: it is in use.'))),
  field('suspension_reason', Nullable(Text({ maxLength: 500, description: 'Why the account is suspended.' }))),
] as const;

/** A user as others see them, wherever they are named. */
export const personFields = [
  field('id', Id()),
  field('username', Username),
  name,
  avatarField,
  externalId,
  version,
] as const;

/** All that others may know of a user. */
export const profileFields = [...personFields, bio, custom, trusted] as const;

export const userProjection = Projection.of(userFields);
export const personProjection = Projection.of(personFields);
export const profileProjection = Projection.of(profileFields);
