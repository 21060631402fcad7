import type { Static } from '@sinclair/typebox';
import type { MessageRow, Transaction } from '../database/index.js';
import { chatAdvanced, ownLogAdvanced } from '../realtime/index.js';
import { commitSeconds } from '../shared/metrics.js';
import type { EventKind, MessageKind, OwnKind, StoredOf } from './change-kind.js';
import { addToLog, advanceChat } from './chat-log.js';
import type { Context } from './context.js';
import { lockChat, lockChatOf } from './locking.js';
import { nextOwnNumber } from './own-log.js';

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
    const isHidden = !event && (await isHiddenFromSome(tx, chatId, stored as MessageRow));
    const committed = { chatId, pts, actorId, data: stored, participantCount, isHidden };
    return { committed, answered: await answer(tx, { pts, stored }) };
  });
  if (!committed) return answered;
  observe();
  const { pts, data: stored } = committed;
  const membership = event?.membership?.(stored);
  if (committed.isHidden) {
    context.live.publish(chatAdvanced(chatId, pts));
    return answered;
  }
  try {
    const readPeople = (ids: readonly number[]) => context.statements.user.people(actorId, ids);
    const [data] = event ? await event.present(readPeople, [committed]) : [stored];
    context.live.publish({ type: kind.type, chatId, pts, data, ...membership });
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
 * Several changes of messages of one chat at once, each with a number of its own.
 * @param actorId whose turn it takes. The work looks whether those who act take part in the chat.
 * @param write gives each change the number that `next` says.
 * @throws what the work throws, and then nothing is kept.
 */
export async function commitMessageChanges<Answer>(
  context: Context,
  kind: MessageKind,
  { chatId, actorId }: Omit<ChatTarget, 'byServer'>,
  write: (
    tx: Transaction,
    next: () => number,
  ) => Promise<{ readonly changes: readonly MessageChange[]; readonly answer: Answer }>,
): Promise<Answer> {
  const observe = commitSeconds.startTimer({ type: kind.type });
  const { committed, answered } = await context.db.inTransaction(actorId, async (tx) => {
    let pts = await lockChat(tx, chatId);
    const { changes, answer } = await write(tx, () => ++pts);
    if (changes.length > 0) await advanceChat(tx, chatId, pts, false);
    const committed = [];
    for (const change of changes) {
      committed.push({ ...change, isHidden: await isHiddenFromSome(tx, chatId, change.message) });
    }
    return { committed, answered: answer };
  });
  for (const { pts, data, isHidden } of committed) {
    observe();
    context.live.publish(isHidden ? chatAdvanced(chatId, pts) : { type: kind.type, chatId, pts, data });
  }
  return answered;
}

function forbidsSends(kind: EventKind, stored: unknown): boolean {
  return kind.conflictsWithSends && (kind.forbidsSends?.(stored) ?? true);
}

/**
 * Whether some of the participants may not see all that the message shows, such as the results of a poll before they have voted. An event is the same for everybody: then all get a hint, and each
 * syncs what they may see.
 */
async function isHiddenFromSome(tx: Transaction, chatId: number, message: MessageRow): Promise<boolean> {
  const { poll } = message;
  if (poll?.results === 'after_vote' && poll.closed_at === undefined) return true;
  const oldestId = Math.min(message.id, message.reply_to?.id ?? Infinity);
  const [hidden] = await tx.$queryRaw<object[]>`
    select from public.chat_participant where chat_id = ${chatId} and history_from_id > ${oldestId} limit 1`;
  return hidden !== undefined;
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
