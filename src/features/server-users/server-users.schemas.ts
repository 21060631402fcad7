import { Type, type Static } from '@sinclair/typebox';
import { Projection, propertiesOf } from '../../database/index.js';
import { CustomDataPatch } from '../../shared/custom-data.js';
import { FieldErrors, Id, Nullable, OpenText, Ref, SmallInteger, Time, Words } from '../../shared/schema.js';
import { ChatRef } from '../server-chats/index.js';
import {
  AvatarUrl,
  Bio,
  DisplayName,
  Email,
  ExternalId,
  Findable,
  Teams,
  IfVersion,
  Locale,
  UserRole,
  User,
  UserRef,
  Username,
  customField,
  suspensionFields,
  userFields,
} from '../users/index.js';

/** A user as the host application sees them. */
const serverUserFields = [
  ...userFields,
  customField('internal', 'What only the host application reads and writes.'),
  ...suspensionFields,
] as const;

export const serverUserProjection = Projection.of(serverUserFields);

const EXAMPLE_USER = {
  ...(User.examples as [object])[0],
  ...{ external_id: 'customer-1815', internal: { plan: 'pro' }, suspended_at: null, suspension_reason: null },
};

export const ServerUser = Type.Object(propertiesOf(serverUserFields), {
  $id: 'ServerUser',
  description: 'A user, as the host application sees them.',
  examples: [EXAMPLE_USER],
});
export type ServerUser = Static<typeof ServerUser>;

const data = {
  custom: Type.Optional(CustomDataPatch('For everybody to read; the user may change it.')),
  trusted: Type.Optional(CustomDataPatch('For everybody to read; only the host application may change it.')),
  internal: Type.Optional(CustomDataPatch('For the host application alone.')),
};

const account = {
  username: Type.Optional({
    ...Username,
    description: `${Username.description ?? ''} A new user without one gets one.`,
  }),
  email: Type.Optional({ ...Email, description: `${Email.description ?? ''} The host application vouches for it.` }),
};

const GivenTeams = {
  ...Teams,
  description: `${Teams.description ?? ''} These replace the ones before; one that is named twice counts once.`,
};

const whole = {
  ...account,
  name: Type.Optional(DisplayName),
  avatar_url: Type.Optional(AvatarUrl),
  bio: Type.Optional(Bio),
  locale: Type.Optional(Locale),
  findable: Type.Optional(Findable),
  role: Type.Optional(Ref(UserRole)),
  teams: Type.Optional(GivenTeams),
  ...data,
};

const EXAMPLE_CHANGE = { name: 'Ada Lovelace', custom: { plan: 'pro' } };

export const PutUser = Type.Object(whole, {
  $id: 'PutUser',
  description: 'All of a user. Except for username, email, findable, role and teams, what is not given is taken away.',
  additionalProperties: false,
  examples: [EXAMPLE_CHANGE],
});
export type PutUser = Static<typeof PutUser>;

export const PatchUser = Type.Object(
  {
    ...account,
    name: Type.Optional(Nullable(DisplayName)),
    avatar_url: Type.Optional(Nullable(AvatarUrl)),
    bio: Type.Optional(Nullable(Bio)),
    locale: Type.Optional(Nullable(Locale)),
    findable: Type.Optional(Findable),
    role: Type.Optional(Ref(UserRole)),
    teams: Type.Optional(GivenTeams),
    ...data,
    if_version: Type.Optional(IfVersion),
  },
  {
    $id: 'PatchUser',
    description: 'Changes of a user. What is not given stays, null takes away.',
    additionalProperties: false,
    minProperties: 1,
    examples: [EXAMPLE_CHANGE],
  },
);
export type PatchUser = Static<typeof PatchUser>;

const Outcome = (more: string[]) => OpenText(['created', 'updated', 'unchanged', ...more], 'What became of it.');

export const UserOutcome = Type.Object(
  { outcome: Outcome([]), user: Ref(ServerUser) },
  {
    $id: 'UserOutcome',
    description: 'A user as they are now.',
    examples: [{ outcome: 'created', user: EXAMPLE_USER }],
  },
);
export type UserOutcome = Static<typeof UserOutcome>;

const BatchUser = Type.Object(
  { external_id: ExternalId, ...whole },
  {
    $id: 'BatchUser',
    description: 'A user, as in `PUT /server/users/{user}`.',
    additionalProperties: false,
    examples: [{ external_id: 'customer-1815', ...EXAMPLE_CHANGE }],
  },
);

const BatchError = Type.Object(
  {
    code: Type.String({ description: 'For programs: what went wrong.' }),
    message: Type.String({ description: 'For people: what went wrong.' }),
    errors: Type.Optional(FieldErrors()),
  },
  {
    $id: 'BatchError',
    description: 'Why nothing has changed about a user, as the details of an error answer.',
    examples: [
      { code: 'USER_EXISTS', message: 'This username or email is taken.', errors: { email: 'This email is taken.' } },
    ],
  },
);

/** As many as one request can have. */
const MAX_BATCH = 100;

export const PutUsers = Type.Object(
  {
    users: Type.Array(Ref(BatchUser), { minItems: 1, maxItems: MAX_BATCH, description: 'The users.' }),
  },
  {
    $id: 'PutUsers',
    additionalProperties: false,
    examples: [{ users: [{ external_id: 'customer-1815', ...EXAMPLE_CHANGE }] }],
  },
);
export type PutUsers = Static<typeof PutUsers>;

const BatchItem = Type.Object(
  {
    external_id: ExternalId,
    outcome: Outcome(['error']),
    user: Type.Optional(Ref(ServerUser)),
    error: Type.Optional(Ref(BatchError)),
  },
  {
    $id: 'BatchItem',
    description: 'What became of one user: with `error` nothing of them has changed.',
    examples: [{ external_id: 'customer-1815', outcome: 'updated', user: EXAMPLE_USER }],
  },
);
export type BatchItem = Static<typeof BatchItem>;

export const BatchResult = Type.Object(
  { results: Type.Array(Ref(BatchItem), { description: 'One for each user, in their order.' }) },
  {
    $id: 'BatchResult',
    description: 'What became of the users, each by itself.',
    examples: [{ results: BatchItem.examples as unknown[] }],
  },
);

const MIN_TTL_SECONDS = 60;
const MAX_TTL_SECONDS = 86_400;
export const USUAL_TTL_SECONDS = 3600;
/** A token travels with each request. */
const MAX_TOKEN_CHATS = 50;

export const TokenRights = Type.Unsafe<'read' | 'write'>({
  $id: 'TokenRights',
  type: 'string',
  enum: ['read', 'write'],
  description:
    '`read`: good for reading and for read marks, and for changing nothing else. `write`: for all that the user may do.',
});

export const MintToken = Type.Object(
  {
    ttl: Type.Optional(
      SmallInteger({
        minimum: MIN_TTL_SECONDS,
        maximum: MAX_TTL_SECONDS,
        default: USUAL_TTL_SECONDS,
        description: 'How long it is good for, in seconds.',
      }),
    ),
    chats: Type.Optional(
      Type.Array(ChatRef, {
        minItems: 1,
        maxItems: MAX_TOKEN_CHATS,
        description:
          'The only chats for which it is good, and only while the user takes part in them; all that the user is in unless it is given.',
      }),
    ),
    rights: Type.Optional(Ref(TokenRights)),
    session_label: Type.Optional(
      Words({
        minLength: 1,
        maxLength: 128,
        description:
          'Makes the token one of a session of that name, which the user finds in `GET /user/sessions` and may end: then none of its tokens counts any ' +
          'more. Tokens with the same name belong to the same session as long as it goes on.',
      }),
    ),
  },
  {
    $id: 'MintToken',
    additionalProperties: false,
    examples: [
      { ttl: 3600, session_label: 'Phone' },
      { chats: ['key:order:4711'], rights: 'read' },
    ],
  },
);
export type MintToken = Static<typeof MintToken>;

export const RevokeTokens = Type.Object(
  {
    before: Type.Optional(
      Type.String({
        format: 'date-time',
        description: 'Tokens that were issued before this do not count any more; now unless it is given.',
      }),
    ),
  },
  { $id: 'RevokeTokens', additionalProperties: false, examples: [{ before: '2026-11-23T09:00:00.000Z' }] },
);

export const MintedToken = Type.Object(
  {
    access_token: Type.String({ description: 'For the `Authorization` header of the user.' }),
    token_type: Type.String({ description: 'Always `bearer`.' }),
    expires_at: Time('When it expires.'),
    chats: Type.Optional(Type.Array(Id(), { description: 'The chats to which it is narrowed.' })),
    rights: Type.Optional(Ref(TokenRights)),
    session_id: Type.Optional(Id('The session to which it belongs.')),
  },
  {
    $id: 'MintedToken',
    description: 'An access token of a user.',
    examples: [{ access_token: 'eyJhbGciOi…', token_type: 'bearer', expires_at: '2026-11-23T10:00:00.000Z' }],
  },
);

export const BatchModels = [BatchUser, BatchError, BatchItem, BatchResult, PutUsers];

export const ServerUserParams = Type.Object({ user: UserRef });
