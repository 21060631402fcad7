import { utcJson, type Database, type Prisma, type Transaction } from '../../database/index.js';
import { personProjection } from '../users/index.js';
import type { AdminReport, AdminReportQuery, ReportAction } from './admin-reports.schemas.js';
import type { Report, ReportKind } from './reports.schemas.js';

/** Who reports what. */
export interface Target {
  readonly reporterId: number;
  readonly kind: ReportKind;
  readonly targetId: number;
}

const REPORT = `json_build_object('id', r.id, 'created_at', ${utcJson('r.created_at')}, 'kind', r.kind,
      'target_id', r.target_id, 'reason', r.reason, 'text', r.text, 'looked_at', ${utcJson('r.resolved_at')})`;

/** The one that nobody has dealt with yet. */
export async function findOpen(tx: Transaction, { reporterId, kind, targetId }: Target): Promise<Report | undefined> {
  const [row] = await tx.$queryRawUnsafe<{ report: Report }[]>(
    `select ${REPORT} as report from public.report r
    where reporter_id = $1::int8 and kind = $2 and target_id = $3::int8 and state <> 'resolved'`,
    reporterId,
    kind,
    targetId,
  );
  return row?.report;
}

/** Of an edited message. */
const MAX_EVIDENCE_VERSIONS = 20;

/** What the message `m` says, what it said before, as far as that is kept, and what it says by an edit in the shadow. */
const EVIDENCE = `json_build_object('created_at', ${utcJson('m.created_at')}, 'versions', (
      select json_agg(json_build_object('contents', said.contents, 'at', ${utcJson('said.at')}) order by said.place)
      from (
        select m.contents, coalesce(m.edited_at, m.created_at) as at, m.pts as place
        union all
        select m.own_edit ->> 'contents', (m.own_edit ->> 'updated_at')::timestamptz, m.pts + 1 where m.own_edit is not null
        union all
        select * from (
          select contents, written_at, version from public.message_version
          where message_id = m.id order by version desc limit ${MAX_EVIDENCE_VERSIONS - 1}
        ) before
      ) said))`;

/** @returns undefined when it is gone. */
export async function readEvidence(tx: Transaction, messageId: number): Promise<object | undefined> {
  const [row] = await tx.$queryRawUnsafe<{ evidence: object }[]>(
    `select ${EVIDENCE} as evidence from public.message m where m.id = $1::int8`,
    messageId,
  );
  return row?.evidence;
}

/** Nothing, where a filter has reported the message already and nobody has dealt with it, or the message is gone. */
export async function insertFilterReport(db: Transaction, messageId: number, filter: string): Promise<void> {
  await db.$executeRawUnsafe(
    `insert into public.report (kind, target_id, chat_id, author_id, reason, filter, evidence)
    select 'message', m.id, m.chat_id, m.author_id, 'filter', $2, ${EVIDENCE}
    from public.message m where m.id = $1::int8
    on conflict do nothing`,
    messageId,
    filter,
  );
}

export async function insertReport(
  tx: Transaction,
  target: Target,
  report: {
    readonly chatId: number | null;
    readonly authorId: number | null;
    readonly reason: string;
    readonly text: string | null;
    readonly evidence: object | undefined;
  },
): Promise<void> {
  await tx.report.create({
    data: {
      ...{ reporter_id: BigInt(target.reporterId), kind: target.kind, target_id: BigInt(target.targetId) },
      chat_id: report.chatId === null ? null : BigInt(report.chatId),
      author_id: report.authorId === null ? null : BigInt(report.authorId),
      ...{ reason: report.reason, text: report.text },
      ...(report.evidence && { evidence: report.evidence as Prisma.InputJsonObject }),
    },
    select: { id: true },
  });
}

/** What the user has reported, the newest first. @param before exclusive; null begins. */
export async function findReportsOf(
  db: Transaction,
  userId: number,
  { before, limit }: { readonly before: number | null; readonly limit: number },
): Promise<Report[]> {
  const rows = await db.$queryRawUnsafe<{ report: Report }[]>(
    `select ${REPORT} as report from public.report r
    where reporter_id = $1::int8 and id < coalesce($2::int8, 9223372036854775807) order by id desc limit $3::int8`,
    userId,
    before,
    limit,
  );
  return rows.map(({ report }) => report);
}

const PERSON = (id: string) => `(
      select ${personProjection.json('person')} from public."user" person where person.id = ${id}
    )`;

const ADMIN_REPORT = `json_build_object('id', r.id, 'created_at', ${utcJson('r.created_at')},
      'reporter', ${PERSON('r.reporter_id')}, 'kind', r.kind, 'target_id', r.target_id, 'chat_id', r.chat_id,
      'author', ${PERSON('r.author_id')}, 'reason', r.reason, 'filter', r.filter, 'text', r.text, 'evidence', r.evidence, 'state', r.state,
      'escalated', r.is_escalated,
      'claimed_by', case when r.claimant_type is not null then json_build_object('type', r.claimant_type, 'id', r.claimant_id) end,
      'claimed_at', ${utcJson('r.claimed_at')}, 'resolved_at', ${utcJson('r.resolved_at')}, 'action', r.action,
      'resolution', r.resolution)`;

/** The oldest first. */
export async function findReports(
  db: Database,
  { state, cursor }: AdminReportQuery,
  limit: number,
): Promise<AdminReport[]> {
  const rows = await db.$queryRawUnsafe<{ report: AdminReport }[]>(
    `select ${ADMIN_REPORT} as report
    from (
      select * from public.report where ($1::text is null or state = $1) and id > $2::int8 order by id limit $3::int8
    ) r order by r.id`,
    state ?? null,
    cursor ?? 0,
    limit,
  );
  return rows.map(({ report }) => report);
}

/** Locked until the transaction ends. @returns undefined when there is no such report. */
export async function lockReport(tx: Transaction, reportId: number): Promise<AdminReport | undefined> {
  const [row] = await tx.$queryRawUnsafe<{ report: AdminReport }[]>(
    `select ${ADMIN_REPORT} as report from public.report r where id = $1::int8 for no key update of r`,
    reportId,
  );
  return row?.report;
}

export async function writeClaim(
  tx: Transaction,
  reportId: number,
  claimant: { readonly type: string; readonly id: number },
): Promise<void> {
  await tx.report.update({
    where: { id: BigInt(reportId) },
    data: {
      ...{ state: 'claimed', claimant_type: claimant.type, claimant_id: BigInt(claimant.id) },
      claimed_at: new Date(),
    },
    select: { id: true },
  });
}

/** Open again, for others. */
export async function writeEscalation(tx: Transaction, reportId: number): Promise<void> {
  await tx.report.update({
    where: { id: BigInt(reportId) },
    data: { state: 'open', is_escalated: true, claimant_type: null, claimant_id: null, claimed_at: null },
    select: { id: true },
  });
}

/** What an erased author has written goes with the end of its report. */
export async function writeResolution(
  tx: Transaction,
  reportId: number,
  { action, reason }: { readonly action: ReportAction; readonly reason: string },
): Promise<void> {
  await tx.$executeRaw`
    update public.report set state = 'resolved', resolved_at = now(), action = ${action}, resolution = ${reason},
      evidence = case when exists (
        select from public."user" where id = report.author_id and erased_at is not null
      ) then null else evidence end
    where id = ${reportId}`;
}
