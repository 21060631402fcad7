import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { commitOwnChange, lockUser, requireRight, type Context } from '../../changes/index.js';
import type { Transaction } from '../../database/index.js';
import { validationError } from '../../shared/errors.js';
import { withoutNulls } from '../../shared/json.js';
import { placePage } from '../../shared/place-pages.js';
import { readTime } from '../../shared/read-time.js';
import type { Services } from '../feature.js';
import { clientIdTaken, requireSendableAt, takeInputs, wasSent, type SentMessage } from '../messages/index.js';
import { requireUser } from '../sessions/index.js';
import { endOf, tellEnds, trySend } from './deliver.js';
import { LEASE_MS } from './scheduled-job.js';
import { scheduledUpdated } from './scheduled.changes.js';
import { noLongerWaiting, scheduledDoesNotExist, tooManyScheduled } from './scheduled.errors.js';
import {
  claimOne,
  countScheduled,
  findByClientId,
  findScheduled,
  insertScheduled,
  lockScheduled,
  readScheduled,
  releaseScheduled,
  writeCancelled,
  writeScheduled,
  type Inputs,
  type StoredScheduled,
} from './scheduled.queries.js';
import {
  MAX_DELAY_SECONDS,
  MAX_SCHEDULED,
  MIN_DELAY_SECONDS,
  type ChangeScheduled,
  type ScheduleMessage,
  type ScheduledList,
  type ScheduledMessage,
} from './scheduled.schemas.js';

/** So late a scheduled message may be sent, when servers are. */
const LATE_MS = 60_000;

/** @throws NOT_AUTHORIZED when the user is gone. */
export async function getScheduled(
  { db }: Pick<Context, 'db'>,
  userId: number,
  { cursor = '0', limit }: { readonly cursor?: string | undefined; readonly limit: number },
): Promise<ScheduledList> {
  return db.inTurn(userId, async () => {
    const found = await findScheduled(db, userId, { after: Number(cursor), limit: limit + 1 });
    if (found.length === 0) await requireUser(db, userId);
    const { page, fields } = placePage(found, limit, ({ id }) => id);
    return { ...fields, scheduled: page };
  });
}

/**
 * Whether the user may write there is asked again when it is time. A repeat under the same client_id changes nothing.
 * @throws NOT_AUTHORIZED when the user is gone; CHAT_DOES_NOT_EXIST, RIGHT_MISSING where they may not write; VALIDATION_ERROR for a time that is
 *   too near or too far; CLIENT_ID_TAKEN for one of another message; TOO_MANY_SCHEDULED; what its inputs would be refused with.
 */
export async function scheduleMessage(
  context: Services,
  userId: number,
  chatId: number,
  { contents, send_at, reply_to_id: replyToId, client_id: clientId = randomUUID(), ...given }: ScheduleMessage,
  viaKeyId: number | undefined,
): Promise<ScheduledMessage> {
  const inputs = inputsOf(context, given);
  let id = 0;
  return commitOwnChange(context, scheduledUpdated, userId, {
    write: async (tx, next) => {
      await lockUser(tx, userId);
      await requireRight(tx, chatId, userId, 'send');
      const earlier = await findByClientId(tx, userId, clientId);
      if (earlier) {
        if (earlier.chatId !== chatId) throw clientIdTaken();
        id = earlier.id;
        return undefined;
      }
      const sendAt = readSendAt(send_at);
      if (await wasSent(tx, userId, clientId)) throw clientIdTaken();
      await requireSendableAt(tx, context, { userId, chatId, time: latest(sendAt) }, inputs);
      if ((await countScheduled(tx, userId)) >= MAX_SCHEDULED) throw tooManyScheduled();
      const scheduled = { userId, chatId, contents, replyToId, inputs, clientId, viaKeyId, sendAt };
      id = await insertScheduled(tx, scheduled, await next());
      return id;
    },
    answer: (tx) => readScheduled(tx, id),
  });
}

/**
 * What is so already changes nothing. One that has failed waits again when it gets another time.
 * @throws NOT_AUTHORIZED, SCHEDULED_DOES_NOT_EXIST, NO_LONGER_WAITING, VALIDATION_ERROR; what its inputs would be refused with.
 */
export async function changeScheduled(
  context: Services,
  userId: number,
  id: number,
  { contents: newContents, send_at, reply_to_id, ...given }: ChangeScheduled,
): Promise<ScheduledMessage> {
  return commitOwnChange(context, scheduledUpdated, userId, {
    write: async (tx, next) => {
      const before = await lockOwn(tx, userId, id);
      requireOpen(before);
      const contents = newContents ?? before.contents;
      const replyToId = reply_to_id === undefined ? before.replyToId : reply_to_id;
      const inputs = inputsOf(context, { ...before.inputs, ...given });
      const isSameTime = send_at === undefined || Date.parse(send_at) === before.sendAt.getTime();
      const sendAt = isSameTime ? before.sendAt : readSendAt(send_at);
      const isSame = contents === before.contents && replyToId === before.replyToId;
      if (isSame && isDeepStrictEqual(inputs, before.inputs) && isSameTime) return undefined;
      // What is as it was has been looked at, and may fail for it.
      const changed = isSameTime ? inputsOf(context, given) : inputs;
      await requireSendableAt(tx, context, { userId, chatId: before.chatId, time: latest(sendAt) }, changed);
      const state = isSameTime ? before.state : ('waiting' as const);
      await writeScheduled(tx, id, { contents, replyToId, inputs, sendAt, state }, await next());
      return id;
    },
    answer: (tx) => readScheduled(tx, id),
  });
}

/** One that is cancelled already stays so. @throws NOT_AUTHORIZED, SCHEDULED_DOES_NOT_EXIST, NO_LONGER_WAITING. */
export async function cancelScheduled(context: Context, userId: number, id: number): Promise<void> {
  await commitOwnChange(context, scheduledUpdated, userId, {
    write: async (tx, next) => {
      const before = await lockOwn(tx, userId, id);
      if (before.state === 'cancelled') return undefined;
      requireOpen(before);
      await writeCancelled(tx, id, await next());
      return id;
    },
    answer: () => Promise.resolve(),
  });
}

/**
 * Sends it before its time, or once more after it has failed. When it is refused it stays as it was; one that has failed says why it was
 * refused at last. When nobody knows what became of it, it is sent a few seconds later.
 * @throws NOT_AUTHORIZED, SCHEDULED_DOES_NOT_EXIST, NO_LONGER_WAITING; whatever a send throws.
 */
export async function sendNow(services: Services, userId: number, id: number): Promise<SentMessage> {
  const { db } = services;
  const { claimed, before } = await db.inTransaction(userId, async (tx) => {
    const before = await lockOwn(tx, userId, id);
    requireOpen(before);
    return { claimed: await claimOne(tx, id, LEASE_MS), before };
  });
  const tried = await trySend(services, claimed);
  if (tried.outcome === 'refused' && before.state === 'waiting') await releaseScheduled(db, id);
  else await tellEnds(services, [endOf(claimed, tried, before.reason)]);
  if (tried.outcome !== 'sent') throw tried.error;
  return tried.message;
}

/**
 * As they are given again when it is time, without what is null or empty, as messages are kept.
 * @throws VALIDATION_ERROR for what a send would not take.
 */
function inputsOf({ registry }: Pick<Services, 'registry'>, given: Readonly<Record<string, unknown>>): Inputs {
  const entries = Object.entries(withoutNulls(given) as object).filter(([, value]) => !isDeepStrictEqual(value, {}));
  const inputs: Readonly<Record<string, unknown>> = Object.fromEntries(entries);
  takeInputs(registry, inputs);
  return Object.keys(inputs).length === 0 ? null : inputs;
}

/** @throws NOT_AUTHORIZED when the user is gone; SCHEDULED_DOES_NOT_EXIST. */
async function lockOwn(tx: Transaction, userId: number, id: number): Promise<StoredScheduled> {
  await lockUser(tx, userId);
  const scheduled = await lockScheduled(tx, userId, id);
  if (!scheduled) throw scheduledDoesNotExist();
  return scheduled;
}

/** @throws NO_LONGER_WAITING when it is being sent, or has been, or is cancelled. */
function requireOpen({ isClaimed, state }: StoredScheduled): void {
  if (isClaimed || (state !== 'waiting' && state !== 'failed')) throw noLongerWaiting();
}

/** When it is sent at the latest: its poll is open by then. */
function latest(sendAt: Date): Date {
  return new Date(Math.max(sendAt.getTime(), Date.now()) + LATE_MS);
}

/** @throws VALIDATION_ERROR. */
function readSendAt(text: string): Date {
  const sendAt = readTime('send_at', text);
  const seconds = (sendAt.getTime() - Date.now()) / 1000;
  if (seconds < MIN_DELAY_SECONDS || seconds > MAX_DELAY_SECONDS)
    throw validationError({ errors: { send_at: 'must be 60 seconds to 365 days from now' } });
  return sendAt;
}
