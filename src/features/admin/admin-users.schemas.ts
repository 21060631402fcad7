import { Type, type Static } from '@sinclair/typebox';
import { Projection, field, propertiesOf, timeField } from '../../database/index.js';
import { Id, Nullable, Ref, SmallInteger, Text, Time, Words } from '../../shared/schema.js';
import { DeletedMessages, MAX_BAN_REASON, Until } from '../moderation/index.js';
import { UserRole, Profile, accountFields, profileFields, suspensionFields } from '../users/index.js';
import { PageCursor, PageLimit } from './page.js';

const adminUserFields = [
  ...profileFields,
  ...accountFields,
  ...suspensionFields,
  timeField(
    'suspended_until',
    Nullable(Time('When the suspension ends by itself; null: it stays until it is lifted, or there is none.')),
    { sql: (user) => `(select until from public.suspension_end where user_id = ${user}.id)` },
  ),
  timeField('last_seen_at', Nullable(Time('When their last connection began or ended; null: never yet.'))),
  field('session_count', SmallInteger({ description: 'On how many devices they are logged in.' }), {
    sql: (user) =>
      `(select count(*) from public.session s where s.user_id = ${user}.id and s.ended_at is null and s.expires_at > now())`,
  }),
] as const;

export const adminUserProjection = Projection.of(adminUserFields);

const EXAMPLE_USER = {
  ...(Profile.examples as [object])[0],
  ...{
    created_at: '2026-11-23T09:00:00.000Z',
    email: 'ada@example.com',
    email_confirmed: true,
    role: 'user',
    two_factor: false,
  },
  ...{ suspended_at: '2026-11-24T10:00:00.000Z', suspension_reason: 'Spam in three groups.', suspended_until: null },
  ...{ last_seen_at: '2026-11-24T09:59:00.000Z', session_count: 0 },
};

export const AdminUser = Type.Object(propertiesOf(adminUserFields), {
  $id: 'AdminUser',
  description: 'A user, as admins see them.',
  examples: [EXAMPLE_USER],
});
export type AdminUser = Static<typeof AdminUser>;

export const AdminUserPage = Type.Object(
  {
    next: Nullable(Id('The `cursor` of the next page; null when this is the last one.')),
    has_more: Type.Boolean({ description: 'Whether the next page has a user.' }),
    count: SmallInteger({ description: 'How many users are on this page.' }),
    users: Type.Array(Ref(AdminUser), { description: 'The newest first.' }),
  },
  {
    $id: 'AdminUserPage',
    description: 'Some of all users.',
    examples: [{ next: null, has_more: false, count: 1, users: [EXAMPLE_USER] }],
  },
);

const UserStatus = Type.Unsafe<'active' | 'suspended'>({
  $id: 'UserStatus',
  type: 'string',
  enum: ['active', 'suspended'],
  description: 'Whether the account is in use.',
});

export const AdminUserQuery = Type.Object({
  q: Type.Optional(
    Text({
      minLength: 1,
      maxLength: 255,
      description: 'An id, an id in the host application, an e-mail address, or what a username begins with.',
      examples: ['ada'],
    }),
  ),
  status: Type.Optional(
    Type.Unsafe<'active' | 'suspended'>({
      allOf: [Ref(UserStatus)],
      description: 'Only accounts that are in use, or only those that are not.',
      examples: ['suspended'],
    }),
  ),
  role: Type.Optional(
    Type.Unsafe<'user' | 'admin'>({
      allOf: [Ref(UserRole)],
      description: 'Only users with this role.',
      examples: ['admin'],
    }),
  ),
  cursor: PageCursor,
  limit: PageLimit,
});
export type AdminUserQuery = Static<typeof AdminUserQuery>;

export const Suspend = Type.Object(
  {
    reason: Words({
      minLength: 1,
      maxLength: MAX_BAN_REASON,
      description: 'Why; for admins and the host application.',
    }),
    until: Until,
    delete_messages: Type.Optional(Ref(DeletedMessages)),
  },
  { $id: 'SuspendUser', additionalProperties: false, examples: [{ reason: 'Spam in three groups.' }] },
);
export type Suspend = Static<typeof Suspend>;

export const AdminUserParams = Type.Object({ user_id: Id('The user.', { examples: [5] }) });

export const adminUserModels = [AdminUser, AdminUserPage, UserStatus, Suspend];
