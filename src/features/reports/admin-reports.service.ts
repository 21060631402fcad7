import { audit, type Actor } from '../../audit/index.js';
import type { Transaction } from '../../database/index.js';
import { validationError } from '../../shared/errors.js';
import { suspend } from '../admin/index.js';
import type { Services } from '../feature.js';
import { ban, removeAs, restrict, shadow } from '../moderation/index.js';
import { appUserId } from '../server-chats/index.js';
import type { AdminReport, ResolveReport } from './admin-reports.schemas.js';
import { reportClaimed, reportDoesNotExist, reportResolved } from './reports.errors.js';
import { lockReport, writeClaim, writeEscalation, writeResolution } from './reports.queries.js';

/** After so long somebody else may take a report on. */
const CLAIM_MS = 60 * 60 * 1000;

/** An admin, or a key. */
type Admin = Actor & { readonly id: number };

/** @throws REPORT_DOES_NOT_EXIST; REPORT_CLAIMED for what another has taken within the last hour; REPORT_RESOLVED. */
export function claim({ db }: Pick<Services, 'db'>, admin: Admin, reportId: number): Promise<AdminReport> {
  return db.inTransaction(admin.id, async (tx) => {
    const report = await requireMine(tx, admin, reportId);
    if (isClaimedBy(report, admin)) return report;
    await writeClaim(tx, reportId, admin);
    await auditReport(tx, admin, report, 'report.claimed', {});
    return requireReport(tx, reportId);
  });
}

/**
 * Claims it, does it, and then says that it is done: what fails in between leaves it claimed, and is done again by a repeat, of which nothing is
 * done twice.
 * @throws as above; VALIDATION_ERROR for what can't be done about it; what the action throws.
 */
export async function resolve(
  services: Services,
  admin: Admin,
  reportId: number,
  resolution: ResolveReport,
): Promise<AdminReport> {
  const { db } = services;
  const report = await claim(services, admin, reportId);
  await act(services, admin, report, resolution);
  const { action, reason } = resolution;
  return db.inTransaction(admin.id, async (tx) => {
    await requireMine(tx, admin, reportId);
    if (action === 'escalate') await writeEscalation(tx, reportId);
    else await writeResolution(tx, reportId, { action, reason });
    await auditReport(tx, admin, report, 'report.resolved', { action, reason });
    return requireReport(tx, reportId);
  });
}

async function requireReport(tx: Transaction, reportId: number): Promise<AdminReport> {
  const report = await lockReport(tx, reportId);
  if (!report) throw reportDoesNotExist();
  return report;
}

/** @returns the report that nobody else deals with, locked. */
async function requireMine(tx: Transaction, admin: Admin, reportId: number): Promise<AdminReport> {
  const report = await requireReport(tx, reportId);
  if (report.state === 'resolved') throw reportResolved();
  const isFresh = report.claimed_at !== null && Date.now() - Date.parse(report.claimed_at) < CLAIM_MS;
  if (report.state === 'claimed' && !isClaimedBy(report, admin) && isFresh) throw reportClaimed();
  return report;
}

function isClaimedBy({ state, claimed_by }: AdminReport, { type, id }: Admin): boolean {
  return state === 'claimed' && claimed_by?.type === type && claimed_by.id === id;
}

function auditReport(
  tx: Transaction,
  actor: Admin,
  { id, author, chat_id, kind, target_id }: AdminReport,
  action: 'report.claimed' | 'report.resolved',
  more: Readonly<Record<string, string>>,
): Promise<void> {
  const details = { report_id: id, kind, target_id, chat_id, ...more };
  return audit(tx, { actor, action, userId: author?.id, details });
}

/** @throws VALIDATION_ERROR where the report is about nothing to which this can be done. */
async function act(
  services: Services,
  actor: Admin,
  { kind, target_id: messageId, chat_id: chatId, author }: AdminReport,
  { action, reason, until, delete_messages, everywhere }: ResolveReport,
): Promise<void> {
  if (action === 'dismiss' || action === 'escalate') return;
  if (!author || (kind !== 'message' && action !== 'ban')) {
    throw validationError({ errors: { action: `can't be done about a ${kind}` } });
  }
  // In the log of a chat somebody does it.
  const userId = actor.type === 'user' ? actor.id : await appUserId(services.db);
  const moderator = { userId, actor, isAdmin: true };
  const limits = { reason, ...(until !== undefined && { until }) };
  const cleaning = delete_messages && { delete_messages };
  if (kind !== 'message' || chatId === null) {
    await suspend(services, actor, author.id, { ...limits, ...cleaning });
    return;
  }
  const target = { chatId, userId: author.id };
  if (action === 'delete') await removeAs(services, { id: messageId, chatId, authorId: author.id, actorId: userId });
  else if (action === 'restrict') await restrict(services, moderator, target, limits);
  else if (action === 'shadow') await shadow(services, moderator, target, limits);
  else if (everywhere === true || !(await isGroup(services, chatId)))
    await suspend(services, actor, author.id, { ...limits, ...cleaning });
  else await ban(services, moderator, target, { ...limits, ...cleaning });
}

async function isGroup({ db }: Pick<Services, 'db'>, chatId: number): Promise<boolean> {
  return (await db.chat.count({ where: { id: BigInt(chatId), type: 'group' } })) > 0;
}
