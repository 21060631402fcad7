import { Type, type Static } from '@sinclair/typebox';
import { AUDIT_ACTIONS } from '../../audit/index.js';
import { Projection, field, propertiesOf, timeField } from '../../database/index.js';
import { Id, Nullable, OpenText, Ref, SmallInteger, Text, Time } from '../../shared/schema.js';
import { PageCursor, PageLimit } from './page.js';

const entryFields = [
  field('id', Id()),
  timeField('created_at', Time('When it was done.')),
  field(
    'actor_type',
    OpenText(
      ['user', 'key', 'operator', 'system'],
      'Who did it: a user, an API key, an operator on the command line, or the server by itself.',
    ),
  ),
  field('actor_id', Nullable(Id('The id of the user or the key.'))),
  field('action', OpenText(AUDIT_ACTIONS, 'What was done.')),
  field('user_id', Nullable(Id('The user whom it concerns.'))),
  field('address', Nullable(Type.String({ description: 'The address from which it was asked for.' }))),
  field(
    'details',
    Type.Unsafe<Readonly<Record<string, unknown>>>({
      type: 'object',
      additionalProperties: true,
      description: 'What else is known of it.',
    }),
  ),
] as const;

export const entryProjection = Projection.of(entryFields);

const EXAMPLE_ENTRY = {
  ...{ id: 41, created_at: '2026-11-24T10:00:00.000Z', actor_type: 'user', actor_id: 2, action: 'user.suspended' },
  ...{ user_id: 5, address: '192.0.2.17', details: {} },
};

const AuditLogEntry = Type.Object(propertiesOf(entryFields), {
  $id: 'AuditLogEntry',
  description: 'Something that was done.',
  examples: [EXAMPLE_ENTRY],
});
export type AuditLogEntry = Static<typeof AuditLogEntry>;

export const AuditLogPage = Type.Object(
  {
    next: Nullable(Id('The `cursor` of the next page; null when this is the last one.')),
    has_more: Type.Boolean({ description: 'Whether the next page has an entry.' }),
    count: SmallInteger({ description: 'How many entries are on this page.' }),
    entries: Type.Array(Ref(AuditLogEntry), { description: 'The newest first.' }),
  },
  {
    $id: 'AuditLogPage',
    description: 'A part of the audit log.',
    examples: [{ next: null, has_more: false, count: 1, entries: [EXAMPLE_ENTRY] }],
  },
);

export const AuditLogQuery = Type.Object({
  action: Type.Optional(
    Text({ minLength: 1, maxLength: 64, description: 'Only what was done so.', examples: ['user.suspended'] }),
  ),
  user_id: Type.Optional(Id('Only what concerns this user.', { examples: [5] })),
  cursor: PageCursor,
  limit: PageLimit,
});
export type AuditLogQuery = Static<typeof AuditLogQuery>;

export const auditLogModels = [AuditLogEntry, AuditLogPage];
