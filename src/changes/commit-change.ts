import type { Static } from '@sinclair/typebox';
import type { MessageRow, Transaction } from '../database/index.js';
import { chatAdvanced, ownLogAdvanced } from '../realtime/index.js';
import { commitSeconds } from '../shared/metrics.js';
import type { EventKind, MessageKind, OwnKind, StoredOf } from './change-kind.js';
import { addToLog, advanceChat } from './chat-log.js';
import type { Context } from './context.js';
import { lockChat, lockChatOf, lockPosition, lockPreparations } from './locking.js';
import { nextOwnNumber } from './own-log.js';
import { readSeen, seenBy } from './seen.js';

/** What a change of a chat is about. */
interface ChatTarget {
  readonly chatId: number;
  /** Who does it. They must take part in the chat. */
  readonly actorId: number;
  /** The server carries on what the actor has begun: they may be gone meanwhile. */
  readonly byServer?: boolean;
}

/** What is stored of a change. */
type StoredBy<K extends EventKind | MessageKind> = K extends EventKind ? StoredOf<K> : MessageRow;

/** How a change of a chat is made, within its transaction and under the chat's lock. */
interface ChatWork<Stored, Answer> {
  /**
   * @param pts the number that the change gets.
   * @returns what is stored of it; undefined when there is nothing to change, and then no number is taken.
   */
  readonly write: (tx: Transaction, pts: number) => Promise<Stored | undefined>;
  /** What the caller is told, read before the commit, since nothing may fail after it. */
  readonly answer: (
    tx: Transaction,
    change: { readonly pts: number; readonly stored: Stored } | undefined,
  ) => Promise<Answer>;
}

/**
 * The one road of every change of a chat but the batched send: lock, number, write, commit, present, publish. When it can't
 * be presented, connected clients get a hint, and sync.
 * @throws NOT_AUTHORIZED when the actor is gone; CHAT_DOES_NOT_EXIST when they take no part in such a chat; what the work
 *   throws, and then nothing is kept.
 */
export async function commitChange<K extends EventKind | MessageKind, Answer>(
  context: Context,
  kind: K,
  { chatId, actorId, byServer = false }: ChatTarget,
  { write, answer }: ChatWork<StoredBy<K>, Answer>,
): Promise<Answer> {
  const event: EventKind | undefined = kind.keeps === 'event' ? kind : undefined;
  const observe = commitSeconds.startTimer({ type: kind.type });
  const { committed, answered } = await context.db.inTransaction(actorId, async (tx) => {
    const pts = 1 + (byServer ? await lockChat(tx, chatId) : await lockChatOf(tx, actorId, chatId));
    const stored = await write(tx, pts);
    if (stored === undefined) return { committed: undefined, answered: await answer(tx, undefined) };
    if (event) await addToLog(tx, event, { chatId, pts, actorId, data: stored });
    const participantCount = await advanceChat(tx, chatId, pts, event !== undefined && forbidsSends(event, stored));
    const message = stored as MessageRow;
    const seen = event
      ? seenBy(event.onlyFor?.(stored))
      : (await readSeen(tx, context.model, { chatId, actorId }, [message]))(message);
    const committed = { chatId, pts, actorId, data: stored, participantCount, seen };
    return { committed, answered: await answer(tx, { pts, stored }) };
  });
  if (!committed) return answered;
  observe();
  const { pts, data: stored } = committed;
  const membership = event?.membership?.(stored);
  const { seen } = committed;
  if (seen.by === 'each otherwise') {
    context.live.publish(chatAdvanced(chatId, pts));
    return answered;
  }
  const onlyFor = seen.by !== 'all' && { onlyForId: seen.by };
  try {
    const readPeople = (ids: readonly number[]) => context.statements.user.people(actorId, ids);
    const [data] = event ? await event.present(readPeople, [committed]) : [seen.as ?? stored];
    context.live.publish({ type: kind.type, chatId, pts, data, ...membership, ...onlyFor });
  } catch (error) {
    context.log.warn({ err: error, chat_id: chatId }, 'could not present a change; its chat is told to sync');
    context.live.publish({ ...chatAdvanced(chatId, pts), ...membership });
  }
  return answered;
}

/** A change of a message of which clients get `data`. */
export interface MessageChange {
  readonly message: MessageRow;
  readonly pts: number;
  readonly data: unknown;
}

/**
 * What is done for changes before the chat is locked, so that others wait less: reading what they go by, and writing what nobody looks at
 * without the changes. It may lock nothing for which somebody could wait who has the chat locked, and do nothing outside of its transaction,
 * which may be done again. All that is prepared for a chat is done one after the other.
 */
interface Preparation<Prepared> {
  readonly prepare: (tx: Transaction) => Promise<Prepared>;
  /** Whether it holds still, when the chat has had other changes meanwhile, and nobody has lost a right to write there. */
  readonly isSame: (tx: Transaction, prepared: Prepared) => Promise<boolean>;
}

/** What was prepared does not hold any more: nothing of it is kept. */
class Overtaken extends Error {}

/**
 * Several changes of messages of one chat at once, each with a number of its own.
 * @param actorId whose turn it takes. The work looks whether those who act take part in the chat.
 * @param write gives each change the number that `next` says.
 * @param preparation when it was overtaken, the transaction is rolled back and done again, all of it under the chat's lock.
 * @throws what the work throws, and then nothing is kept.
 */
export async function commitMessageChanges<Answer, Prepared = undefined>(
  context: Context,
  kind: MessageKind,
  { chatId, actorId }: Omit<ChatTarget, 'byServer'>,
  write: (
    tx: Transaction,
    next: () => number,
    prepared: Prepared,
  ) => Promise<{ readonly changes: readonly MessageChange[]; readonly answer: Answer }>,
  preparation?: Preparation<Prepared>,
): Promise<Answer> {
  const observe = commitSeconds.startTimer({ type: kind.type });
  const finish = async (tx: Transaction, lastPts: number, prepared: Prepared) => {
    let pts = lastPts;
    const { changes, answer } = await write(tx, () => ++pts, prepared);
    if (changes.length > 0) await advanceChat(tx, chatId, pts, false);
    const seenOf = await readSeen(
      tx,
      context.model,
      { chatId, actorId },
      changes.map(({ message }) => message),
    );
    return { committed: changes.map((change) => ({ ...change, seen: seenOf(change.message) })), answered: answer };
  };
  const underTheLock = async (tx: Transaction) => {
    if (preparation) await lockPreparations(tx, chatId);
    const { pts } = await lockPosition(tx, chatId);
    return finish(tx, pts, (await preparation?.prepare(tx)) as Prepared);
  };
  const beforeTheLock =
    ({ prepare, isSame }: Preparation<Prepared>) =>
    async (tx: Transaction) => {
      const before = await lockPreparations(tx, chatId);
      const prepared = await prepare(tx);
      const { pts, guard } = await lockPosition(tx, chatId);
      const holds = guard === before.guard && (pts === before.pts || (await isSame(tx, prepared)));
      if (!holds) throw new Overtaken();
      return finish(tx, pts, prepared);
    };
  const inTransaction = (work: typeof underTheLock) => context.db.inTransaction(actorId, work);
  const { committed, answered } = await inTransaction(preparation ? beforeTheLock(preparation) : underTheLock).catch(
    (error: unknown) => {
      if (error instanceof Overtaken) return inTransaction(underTheLock);
      throw error;
    },
  );
  for (const { pts, data, message, seen } of committed) {
    observe();
    if (seen.by === 'each otherwise') {
      context.live.publish(chatAdvanced(chatId, pts));
      continue;
    }
    const onlyFor = seen.by !== 'all' && { onlyForId: seen.by };
    const shown = seen.as ? seenAs(seen.as, message, data) : data;
    context.live.publish({ type: kind.type, chatId, pts, data: shown, ...onlyFor });
  }
  return answered;
}

/** What clients get of a change of a message that somebody sees otherwise than everybody. @param data of the message for everybody, and more. */
function seenAs(seen: MessageRow, message: MessageRow, data: unknown): object {
  const more = Object.entries(data as object).filter(([name]) => !(name in message));
  return { ...seen, ...Object.fromEntries(more) };
}

function forbidsSends(kind: EventKind, stored: unknown): boolean {
  return kind.conflictsWithSends && (kind.forbidsSends?.(stored) ?? true);
}

/** How a state that is one user's alone is changed, within its transaction. */
interface OwnWork<Answer> {
  /**
   * @param next takes the number that the change gets, and with it the lock of the user's log: last of all locks.
   * @returns the key of the state; undefined when there is nothing to change, and then no number is taken.
   */
  readonly write: (tx: Transaction, next: () => Promise<number>) => Promise<number | undefined>;
  readonly answer: (tx: Transaction) => Promise<Answer>;
}

/** The same road for a change of what is one user's alone. @throws what the work throws. */
export async function commitOwnChange<Answer>(
  context: Context,
  kind: OwnKind,
  userId: number,
  { write, answer }: OwnWork<Answer>,
): Promise<Answer> {
  const observe = commitSeconds.startTimer({ type: kind.type });
  const { committed, answered } = await context.db.inTransaction(userId, async (tx) => {
    let mePts: number | undefined;
    const key = await write(tx, async () => (mePts = await nextOwnNumber(tx, userId)));
    if ((key === undefined) !== (mePts === undefined))
      throw new Error(`A ${kind.type} took a number and changed nothing.`);
    if (key === undefined || mePts === undefined) return { committed: undefined, answered: await answer(tx) };
    // The same data as in a sync.
    const [state] = await tx.$queryRawUnsafe<{ data: unknown }[]>(
      `select ${kind.state('$1::int8', '$2::int8')} as data`,
      userId,
      key,
    );
    return { committed: { mePts, data: state?.data }, answered: await answer(tx) };
  });
  if (!committed) return answered;
  observe();
  publishOwnChange(context, kind, userId, committed);
  return answered;
}

/** Tells all devices of the user of a change of their own log that has been committed. */
export function publishOwnChange<K extends OwnKind>(
  { live }: Pick<Context, 'live'>,
  { type }: K,
  userId: number,
  { mePts, data }: { readonly mePts: number; readonly data: Static<K['data']> | undefined },
): void {
  if (data === undefined) live.publishOwn(userId, ownLogAdvanced(mePts));
  else live.publishOwn(userId, { type, mePts, ...chatOf(data), data });
}

/** The chat that a state is about, if it is about one. */
function chatOf(data: unknown): { readonly chatId?: number } {
  const { chat_id: chatId } = data as { readonly chat_id?: number };
  return chatId === undefined ? {} : { chatId };
}
