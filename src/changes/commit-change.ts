import type { Static } from '@sinclair/typebox';
import { MINE, isApart, type MessageRow, type ReadModel, type Transaction } from '../database/index.js';
import { chatAdvanced, ownLogAdvanced } from '../realtime/index.js';
import { commitSeconds } from '../shared/metrics.js';
import type { EventKind, MessageKind, OwnKind, StoredOf } from './change-kind.js';
import { addToLog, advanceChat } from './chat-log.js';
import type { Context } from './context.js';
import { lockChat, lockChatOf, lockPosition, readPosition } from './locking.js';
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
    const seen: Seen = event
      ? seenBy(event.onlyFor?.(stored))
      : await readSeen(tx, context.model, { chatId, actorId }, stored as MessageRow);
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

/** What a change goes by, where nothing of it changes without a number of the chat. It is read before the chat is locked, so that others wait less. */
interface Look<Found> {
  readonly read: (tx: Transaction) => Promise<Found>;
  /** Whether it is so still, when the chat has had other changes meanwhile, and nobody has lost a right to write there. */
  readonly isSame: (tx: Transaction, found: Found) => Promise<boolean>;
}

/**
 * Several changes of messages of one chat at once, each with a number of its own.
 * @param actorId whose turn it takes. The work looks whether those who act take part in the chat.
 * @param write gives each change the number that `next` says.
 * @param look what it finds is read again when it has changed before the chat was locked.
 * @throws what the work throws, and then nothing is kept.
 */
export async function commitMessageChanges<Answer, Found = undefined>(
  context: Context,
  kind: MessageKind,
  { chatId, actorId }: Omit<ChatTarget, 'byServer'>,
  write: (
    tx: Transaction,
    next: () => number,
    found: Found,
  ) => Promise<{ readonly changes: readonly MessageChange[]; readonly answer: Answer }>,
  look?: Look<Found>,
): Promise<Answer> {
  const observe = commitSeconds.startTimer({ type: kind.type });
  const { committed, answered } = await context.db.inTransaction(actorId, async (tx) => {
    const before = look && { position: await readPosition(tx, chatId), found: await look.read(tx) };
    const position = await lockPosition(tx, chatId);
    const isSame =
      before?.position.guard === position.guard &&
      (before.position.pts === position.pts || (await look?.isSame(tx, before.found)));
    const found = isSame ? before.found : await look?.read(tx);
    let { pts } = position;
    const { changes, answer } = await write(tx, () => ++pts, found as Found);
    if (changes.length > 0) await advanceChat(tx, chatId, pts, false);
    const committed = [];
    for (const change of changes) {
      committed.push({ ...change, seen: await readSeen(tx, context.model, { chatId, actorId }, change.message) });
    }
    return { committed, answered: answer };
  });
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

/** Who sees a change. An event is the same for everybody: where what they see differs, all get a hint, and each syncs what they may see. */
type Seen =
  | { readonly by: 'all' | 'each otherwise'; readonly as?: undefined }
  /** A user, and the others get its number; `as` is what that one sees. Others see nothing of the message, or see it otherwise. */
  | { readonly by: number; readonly as?: MessageRow };

function seenBy(userId: number | undefined): Seen {
  return userId === undefined ? { by: 'all' } : { by: userId };
}

/**
 * Who sees all that a message shows: not the results of a poll before they have voted, nor what was sent before they came. Of what is done
 * in the shadow the devices of who does it are told as always.
 */
async function readSeen(
  tx: Transaction,
  model: ReadModel,
  { chatId, actorId }: Pick<ChatTarget, 'chatId' | 'actorId'>,
  message: MessageRow,
): Promise<Seen> {
  const { poll } = message;
  if (poll?.results === 'after_vote' && poll.closed_at === undefined) return { by: 'each otherwise' };
  const oldestId = Math.min(message.id, message.reply_to?.id ?? Infinity);
  const [found] = await tx.$queryRaw<{ is_older: boolean; is_apart: boolean }[]>`
    select exists (
        select from public.chat_participant where chat_id = ${chatId} and history_from_id > ${oldestId}
      ) as is_older,
      m.own_edit is not null or m.shadowed is not null or m.shadow_replies is not null or m.reply_to_id is not null and exists (
        select from (select shadowed, own_edit from public.message where id = m.reply_to_id offset 0) answered
        where answered.shadowed or answered.own_edit is not null
      ) as is_apart
    from public.message m where m.id = ${message.id}`;
  if (found?.is_older) return { by: 'each otherwise' };
  if (!found?.is_apart) return { by: 'all' };
  const [seen] = await tx.$queryRawUnsafe<{ by: bigint; message: MessageRow }[]>(
    `select mine.user_id as by, ${model.message.json('m', { ...MINE, isOfEvent: true })} as message
    from public.message m
    join public.chat_participant mine on mine.chat_id = m.chat_id
      and mine.user_id = case when ${isApart('m')} then m.author_id else $2::int8 end
    where m.id = $1::int8`,
    message.id,
    actorId,
  );
  if (!seen) return { by: 'each otherwise' };
  return { by: Number(seen.by), as: seen.message };
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
