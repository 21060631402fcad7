import { Type, type Static } from '@sinclair/typebox';
import { Id, Nullable, OpenText, Ref, SmallInteger, Time, Words } from '../../shared/schema.js';
import { PageCursor, PageLimit } from '../admin/index.js';
import { DeletedMessages, Until } from '../moderation/index.js';
import { CHARLES, ShortUser } from '../users/index.js';
import { REPORT_KINDS } from './reports.schemas.js';

const REPORT_ACTIONS = ['dismiss', 'delete', 'restrict', 'shadow', 'ban', 'escalate'] as const;
export type ReportAction = (typeof REPORT_ACTIONS)[number];

const ReportStateName = Type.Unsafe<'open' | 'claimed' | 'resolved'>({
  $id: 'ReportState',
  type: 'string',
  enum: ['open', 'claimed', 'resolved'],
  description: 'Whether a report waits, somebody deals with it, or has.',
});

const ActionName = Type.Unsafe<ReportAction>({
  $id: 'ReportAction',
  type: 'string',
  enum: REPORT_ACTIONS,
  description:
    '`dismiss`: nothing. `delete`: the message. `restrict`: its author, in its group. `shadow`: nobody else sees what its author sends there from now on. `ban`: its author from its group, or the person from the ' +
    'application. `escalate`: others are to decide, and the report is open again.',
});

const EXAMPLE_EVIDENCE = {
  created_at: '2026-11-24T09:59:00.000Z',
  versions: [{ contents: 'Buy!', at: '2026-11-24T09:59:00.000Z' }],
};

const EvidenceVersion = Type.Object(
  { contents: Type.String({ description: 'What it said.' }), at: Time('Since when.') },
  {
    $id: 'ReportedVersion',
    description: 'How a reported message read at a time.',
    examples: [{ contents: 'Buy!', at: '2026-11-24T09:59:00.000Z' }],
  },
);

const Evidence = Type.Object(
  {
    created_at: Time('When the message was sent.'),
    versions: Type.Array(Ref(EvidenceVersion), {
      description:
        'What it said until it was reported, the last one last: up to 20 versions, of those that the server keeps of edited messages.',
    }),
  },
  {
    $id: 'ReportEvidence',
    description: 'What a reported message said when it was reported, whatever has become of it since.',
    examples: [EXAMPLE_EVIDENCE],
  },
);

const Claimant = Type.Object(
  { type: OpenText(['user', 'key'], 'A user or an API key.'), id: Id('The id of the user or the key.') },
  { $id: 'ReportClaimant', description: 'Who deals with a report.', examples: [{ type: 'user', id: 2 }] },
);

const nullable = <T extends Parameters<typeof Ref>[0]>(model: T, description: string) =>
  Type.Union([Ref(model), Type.Null()], { description });

const EXAMPLE_REPORT = {
  ...{ id: 3, created_at: '2026-11-24T10:00:00.000Z', reporter: CHARLES, kind: 'message', target_id: 8, chat_id: 6 },
  ...{ author: CHARLES, reason: 'spam', filter: null, text: 'The third time today.', evidence: EXAMPLE_EVIDENCE },
  ...{ state: 'open' as const, escalated: false, claimed_by: null, claimed_at: null },
  ...{ resolved_at: null, action: null, resolution: null },
};

export const AdminReport = Type.Object(
  {
    id: Id(),
    created_at: Time('When it came.'),
    reporter: nullable(ShortUser, 'Who has reported; null: a filter, or they are erased.'),
    kind: OpenText(REPORT_KINDS, 'What it is about.'),
    target_id: Id('The id of the message, the user or the chat, which may be gone.'),
    chat_id: Nullable(Id('The chat that it is about, or that of the message; null: none.')),
    author: nullable(ShortUser, 'The person, or the author of the message; null: it is about a chat.'),
    reason: Type.String({ description: 'Why; `filter`: a filter has reported it.' }),
    filter: Nullable(
      OpenText(['words', 'links', 'mentions', 'flood'], 'Which filter; null: somebody has reported it.'),
    ),
    text: Nullable(Type.String({ description: 'What the reporter says of it; null: nothing.' })),
    evidence: nullable(Evidence, 'What the message said; null: it is about none, or the author is erased.'),
    state: Ref(ReportStateName),
    escalated: Type.Boolean({ description: 'Whether somebody has wanted others to decide.' }),
    claimed_by: nullable(Claimant, 'Who deals with it, or has; null: nobody.'),
    claimed_at: Nullable(Time('Since when.')),
    resolved_at: Nullable(Time('When it was dealt with.')),
    action: Nullable(OpenText(REPORT_ACTIONS, 'What was done.')),
    resolution: Nullable(Type.String({ description: 'Why that was done.' })),
  },
  { $id: 'AdminReport', description: 'A report, as admins see it.', examples: [EXAMPLE_REPORT] },
);
export type AdminReport = Static<typeof AdminReport>;

export const AdminReportPage = Type.Object(
  {
    next: Nullable(Id('The `cursor` of the next page; null when this is the last one.')),
    has_more: Type.Boolean({ description: 'Whether the next page has a report.' }),
    count: SmallInteger({ description: 'How many reports are on this page.' }),
    reports: Type.Array(Ref(AdminReport), { description: 'The oldest first.' }),
  },
  {
    $id: 'AdminReportPage',
    description: 'Some of the reports.',
    examples: [{ next: null, has_more: false, count: 1, reports: [EXAMPLE_REPORT] }],
  },
);

export const AdminReportQuery = Type.Object({
  state: Type.Optional(
    Type.Unsafe<'open' | 'claimed' | 'resolved'>({
      allOf: [Ref(ReportStateName)],
      description: 'Only those; not given: all.',
      examples: ['open'],
    }),
  ),
  cursor: PageCursor,
  limit: PageLimit,
});
export type AdminReportQuery = Static<typeof AdminReportQuery>;

export const ResolveReport = Type.Object(
  {
    action: Ref(ActionName),
    reason: Words({ minLength: 1, maxLength: 500, description: 'Why; for admins and the audit log.' }),
    until: Until,
    delete_messages: Type.Optional(Ref(DeletedMessages)),
    everywhere: Type.Optional(
      Type.Boolean({ description: 'With `ban`: from the whole application, also where the message is in a group.' }),
    ),
  },
  { $id: 'ResolveReport', additionalProperties: false, examples: [{ action: 'delete', reason: 'Spam.' }] },
);
export type ResolveReport = Static<typeof ResolveReport>;

export const ReportParams = Type.Object({ report_id: Id('The report.', { examples: [3] }) });

export const adminReportModels = [
  ...[ReportStateName, ActionName, EvidenceVersion, Evidence, Claimant],
  ...[AdminReport, AdminReportPage, ResolveReport],
];
