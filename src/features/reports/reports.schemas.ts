import { Type, type Static } from '@sinclair/typebox';
import { PlaceQuery, placePageFields } from '../../shared/place-pages.js';
import { Id, Nullable, OpenText, Ref, Text, Time } from '../../shared/schema.js';

const MAX_TEXT = 1000;

const Reason = Type.String({
  minLength: 1,
  maxLength: 64,
  description: 'One of the `reasons` of `GET /user/reports`.',
});

export const CreateReport = Type.Object(
  {
    message_id: Type.Optional(Id('The message. One of the three is given.')),
    user_id: Type.Optional(Id('The person.')),
    chat_id: Type.Optional(Id('The chat, in which the user takes part.')),
    reason: Reason,
    text: Type.Optional(Text({ maxLength: MAX_TEXT, description: 'What else is to be known.' })),
  },
  {
    $id: 'CreateReport',
    additionalProperties: false,
    examples: [{ user_id: 7, reason: 'spam', text: 'The third time today.' }],
  },
);
export type CreateReport = Static<typeof CreateReport>;

export const REPORT_KINDS = ['message', 'user', 'chat'] as const;
export type ReportKind = (typeof REPORT_KINDS)[number];

const EXAMPLE_REPORT = {
  ...{ id: 3, created_at: '2026-11-24T10:00:00.000Z', kind: 'message', target_id: 8 },
  ...{ reason: 'spam', text: 'The third time today.', looked_at: null },
};

export const Report = Type.Object(
  {
    id: Id(),
    created_at: Time('When the user has reported it.'),
    kind: OpenText(REPORT_KINDS, 'What it is about.'),
    target_id: Id('The id of the message, the user or the chat.'),
    reason: Reason,
    text: Nullable(Type.String({ description: 'What the user has said of it; null: nothing.' })),
    looked_at: Nullable(Time('When somebody has dealt with it; null: nobody yet.')),
  },
  { $id: 'Report', description: 'What the user has reported.', examples: [EXAMPLE_REPORT] },
);
export type Report = Static<typeof Report>;

export const ReportQuery = PlaceQuery('reports');
export type ReportQuery = Static<typeof ReportQuery>;

export const ReportList = Type.Object(
  {
    ...placePageFields('reports'),
    reasons: Type.Array(Reason, { description: 'For what one may report here.' }),
    reports: Type.Array(Ref(Report)),
  },
  {
    $id: 'ReportList',
    description: 'Some of what the user has reported, the newest first.',
    examples: [{ next: '3', has_more: false, count: 1, reasons: ['spam', 'other'], reports: [EXAMPLE_REPORT] }],
  },
);
export type ReportList = Static<typeof ReportList>;

export const reportModels = [CreateReport, Report, ReportList];
