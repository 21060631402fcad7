import { publishOwnChange } from '../../changes/index.js';
import { ApiError } from '../../shared/errors.js';
import type { Services } from '../feature.js';
import { sendMessage, sentMessageDeleted, type SentMessage } from '../messages/index.js';
import { userSuspended } from '../users/index.js';
import { scheduledUpdated } from './scheduled.changes.js';
import { endScheduled, releaseScheduled, type ClaimedScheduled, type EndedScheduled } from './scheduled.queries.js';

/** What became of a try. */
export type Try =
  | { readonly outcome: 'sent'; readonly message: SentMessage }
  /** It was sent before, and its message is not there any more, or no longer the author's to see. */
  | { readonly outcome: 'gone'; readonly error: ApiError }
  | { readonly outcome: 'refused'; readonly error: ApiError };

/**
 * Sends it as its author would, under its own client_id: a second try is the same message.
 * @throws what may have another outcome later; then it may have been sent.
 */
export async function trySend(services: Services, scheduled: ClaimedScheduled): Promise<Try> {
  const { userId, chatId, contents, clientId, replyToId, inputs, viaKeyId, isAuthorSuspended } = scheduled;
  try {
    if (isAuthorSuspended) throw userSuspended();
    const answered = replyToId !== undefined && { reply_to_id: replyToId };
    const given = { contents, client_id: clientId, ...answered, ...inputs };
    const byKey = viaKeyId === undefined ? undefined : { keyId: viaKeyId };
    return { outcome: 'sent', message: await sendMessage(services, userId, chatId, given, byKey) };
  } catch (error) {
    if (!(error instanceof ApiError) || error.status >= 500) throw error;
    const isGone = error.code === sentMessageDeleted.code || error.extras.sent === true;
    return { outcome: isGone ? 'gone' : 'refused', error };
  }
}

/** Says how they have ended, to their authors' devices as well. */
export async function tellEnds(services: Services, ended: readonly EndedScheduled[]): Promise<void> {
  if (ended.length === 0) return;
  for (const { userId, mePts, scheduled } of await endScheduled(services.db, ended)) {
    publishOwnChange(services, scheduledUpdated, userId, { mePts, data: scheduled });
  }
}

/** @param before why it had failed before: in slow mode it goes on to have failed for that. */
export function endOf({ id }: ClaimedScheduled, tried: Try, before: string | null = null): EndedScheduled {
  if (tried.outcome === 'sent') return { id, reason: null, messageId: tried.message.id };
  if (tried.outcome === 'gone') return { id, reason: null, messageId: null };
  const { code, extras } = tried.error;
  return { id, reason: extras.retryAfterMs === undefined ? code : (before ?? code), messageId: null };
}

const FAILURE = 'could not send a scheduled message; trying on';

/** Sends all of them. One that slow mode has wait is due again later; so is one of which nobody knows what became of it. */
export async function deliver(services: Services, due: readonly ClaimedScheduled[]): Promise<void> {
  const ended = await Promise.all(
    due.map(async (scheduled) => {
      try {
        const tried = await trySend(services, scheduled);
        const waitMs = tried.outcome === 'refused' ? tried.error.extras.retryAfterMs : undefined;
        if (waitMs === undefined) return endOf(scheduled, tried);
        await releaseScheduled(services.db, scheduled.id, new Date(Date.now() + waitMs));
      } catch (error) {
        // One that fails must not keep the others waiting.
        services.log.warn({ err: error, user_id: scheduled.userId }, FAILURE);
      }
      return undefined;
    }),
  );
  await tellEnds(
    services,
    ended.filter((end) => end !== undefined),
  );
}
