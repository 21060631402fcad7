import { chatDoesNotExist, type Context } from '../../changes/index.js';
import { isUniqueViolation, type Transaction } from '../../database/index.js';
import { notAuthorized, validationError } from '../../shared/errors.js';
import { placePage } from '../../shared/place-pages.js';
import { messageDoesNotExist, requireSeen } from '../messages/index.js';
import { readStanding } from '../../changes/index.js';
import { findUserIds, mayKnowUser, userNotFound } from '../users/index.js';
import { reportYourself } from './reports.errors.js';
import { findOpen, findReportsOf, insertReport, readEvidence, type Target } from './reports.queries.js';
import type { CreateReport, Report, ReportKind, ReportList, ReportQuery } from './reports.schemas.js';

/** Where something is, and whose it is. */
interface Place {
  readonly chatId: number | null;
  readonly authorId: number | null;
}

/**
 * One for each reporter and target until it is dealt with: a repeat answers with the first. What a message says is kept as it is now.
 * @throws NOT_AUTHORIZED when the user is gone; MESSAGE_DOES_NOT_EXIST, USER_NOT_FOUND, CHAT_DOES_NOT_EXIST for what they don't see;
 *   REPORT_YOURSELF; VALIDATION_ERROR for another reason than those of the settings.
 */
export async function report(
  context: Context,
  reasons: readonly string[],
  reporterId: number,
  { reason, text, ...given }: CreateReport,
): Promise<Report> {
  if (!reasons.includes(reason))
    throw validationError({ errors: { reason: 'must be one of the reasons of this server' } });
  const { kind, targetId } = readTarget(given);
  const target = { reporterId, kind, targetId };
  // Before the transaction, which the embedded database has only one of.
  const seen =
    kind === 'message' ? await requireSeen(context, { userId: reporterId, within: undefined }, targetId) : undefined;
  const keep = () =>
    context.db.inTransaction(reporterId, async (tx) => {
      if (!(await findUserIds(tx, [reporterId])).has(reporterId)) throw notAuthorized();
      const place = seen
        ? { chatId: seen.chat_id, authorId: seen.author_id }
        : await findPlace(tx, reporterId, kind, targetId);
      if (place.authorId === reporterId) throw reportYourself();
      const earlier = await findOpen(tx, target);
      if (earlier) return earlier;
      const evidence = seen && (await readEvidence(tx, targetId));
      if (seen && !evidence) throw messageDoesNotExist();
      await insertReport(tx, target, { ...place, reason, text: text ?? null, evidence });
      return requireOpen(tx, target);
    });
  try {
    return await keep();
  } catch (error) {
    // The same report at the same moment was quicker.
    if (isUniqueViolation(error)) return keep();
    throw error;
  }
}

async function requireOpen(tx: Transaction, target: Target): Promise<Report> {
  const kept = await findOpen(tx, target);
  if (!kept) throw new Error('A report has been kept and does not come back.');
  return kept;
}

/** @throws VALIDATION_ERROR unless it is one thing. */
function readTarget({ message_id, user_id, chat_id }: Omit<CreateReport, 'reason' | 'text'>): {
  readonly kind: ReportKind;
  readonly targetId: number;
} {
  const given = Object.entries({ message: message_id, user: user_id, chat: chat_id }).flatMap(([kind, targetId]) =>
    targetId === undefined ? [] : [{ kind: kind as ReportKind, targetId }],
  );
  const [target, another] = given;
  if (!target || another) {
    throw validationError({ errors: { message_id: 'must be given, or one of user_id and chat_id in its place' } });
  }
  return target;
}

async function findPlace(tx: Transaction, userId: number, kind: ReportKind, targetId: number): Promise<Place> {
  if (kind === 'chat') {
    if (!(await readStanding(tx, targetId, userId))) throw chatDoesNotExist();
    return { chatId: targetId, authorId: null };
  }
  if (targetId !== userId && !(await mayKnowUser(tx, userId, targetId))) throw userNotFound();
  return { chatId: null, authorId: targetId };
}

/** @throws NOT_AUTHORIZED when the user is gone. */
export async function getReports(
  { db }: Pick<Context, 'db'>,
  reasons: readonly string[],
  userId: number,
  { cursor, limit }: ReportQuery,
): Promise<ReportList> {
  const before = cursor === undefined ? null : Number(cursor);
  return db.inTurn(userId, async () => {
    const found = await findReportsOf(db, userId, { before, limit: limit + 1 });
    if (found.length === 0 && !(await findUserIds(db, [userId])).has(userId)) throw notAuthorized();
    const { page, fields } = placePage(found, limit, ({ id }) => id);
    return { ...fields, reasons: [...reasons], reports: page };
  });
}
