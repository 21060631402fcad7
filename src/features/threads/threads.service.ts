import { commitOwnChange, lockUser, type Context } from '../../changes/index.js';
import type { Transaction } from '../../database/index.js';
import { notAuthorized } from '../../shared/errors.js';
import {
  requireSeen,
  threadDoesNotExist,
  threadInThread,
  toPage,
  type Asker,
  type MessagePageQuery,
} from '../messages/index.js';
import { findUserIds } from '../users/index.js';
import { threadUpdated } from './thread.changes.js';
import {
  findLastReply,
  findRoot,
  listThreads,
  lockState,
  readOwnThread,
  readReplies,
  writeState,
  type StoredState,
} from './threads.queries.js';
import type { OwnThread, ThreadList, ThreadListQuery, ThreadPage } from './threads.schemas.js';

/** Messages of the thread of a message, which may have none. @throws NOT_AUTHORIZED, MESSAGE_DOES_NOT_EXIST, THREAD_IN_THREAD. */
export async function getThread(
  context: Context,
  asker: Asker,
  rootId: number,
  page: MessagePageQuery,
): Promise<ThreadPage> {
  const { db, model, statements } = context;
  const { userId } = asker;
  const { chat_id } = await requireThread(context, asker, rootId);
  // One more than the page has: it tells whether there is another page.
  const asked = { cursor: undefined, ...page, limit: page.limit + 1 };
  const messages = await db.inTurn(userId, () => readReplies(db, model, userId, rootId, asked));
  const own = await db.inTurn(userId, () => readOwnThread(db, userId, { id: rootId, chat_id }));
  const people = await statements.user.people(userId, [...new Set(messages.map(({ author_id }) => author_id))]);
  return { ...own, ...toPage({ messages, authors: [...people.values()], seenTo: null }, page.limit) };
}

/** @throws NOT_AUTHORIZED when the user is gone. */
export async function getThreads(
  { db, model }: Context,
  userId: number,
  { cursor, limit, unread = false }: ThreadListQuery,
): Promise<ThreadList> {
  const found = await db.inTurn(userId, () =>
    listThreads(db, model, userId, { before: cursor, limit: limit + 1, unread }),
  );
  if (found.length === 0 && !(await db.inTurn(userId, () => findUserIds(db, [userId]))).has(userId))
    throw notAuthorized();
  const threads = found.slice(0, limit);
  const has_more = found.length > limit;
  const last = threads.at(-1)?.message as { readonly thread?: { readonly last_reply_id: number } } | undefined;
  return { next: has_more ? (last?.thread?.last_reply_id ?? null) : null, has_more, count: threads.length, threads };
}

/** What is so already changes nothing. @throws NOT_AUTHORIZED, MESSAGE_DOES_NOT_EXIST, THREAD_IN_THREAD. */
export function followThread(context: Context, asker: Asker, rootId: number, following: boolean): Promise<OwnThread> {
  return changeState(context, asker, rootId, (before) =>
    Promise.resolve(
      following === (before?.following ?? false)
        ? undefined
        : { following, last_read_message_id: before?.last_read_message_id ?? null },
    ),
  );
}

/** The mark never moves back, nor beyond the last message of the thread. @throws NOT_AUTHORIZED, MESSAGE_DOES_NOT_EXIST, THREAD_IN_THREAD. */
export function readThread(context: Context, asker: Asker, rootId: number, messageId: number): Promise<OwnThread> {
  return changeState(context, asker, rootId, async (before, tx) => {
    const readId = Math.min(messageId, (await findLastReply(tx, rootId, asker.userId)) ?? 0);
    if (readId <= (before?.last_read_message_id ?? rootId)) return undefined;
    return { following: before?.following ?? false, last_read_message_id: readId };
  });
}

/** @param next what becomes of the state; undefined: it stays. */
async function changeState(
  context: Context,
  asker: Asker,
  rootId: number,
  next: (before: StoredState | undefined, tx: Transaction) => Promise<StoredState | undefined>,
): Promise<OwnThread> {
  const { userId } = asker;
  const { chat_id: chatId } = await requireThread(context, asker, rootId);
  return commitOwnChange(context, threadUpdated, userId, {
    write: async (tx, nextNumber) => {
      await lockUser(tx, userId);
      const after = await next(await lockState(tx, userId, rootId), tx);
      return after && writeState(tx, { userId, rootId, chatId }, after, await nextNumber());
    },
    answer: (tx) => readOwnThread(tx, userId, { id: rootId, chat_id: chatId }),
  });
}

async function requireThread(context: Context, asker: Asker, rootId: number) {
  const message = await requireSeen(context, asker, rootId);
  if (message.thread_id !== null) throw threadInThread();
  return message;
}

/** Within a change of the chat, for one who sees all of it. @throws THREAD_DOES_NOT_EXIST, THREAD_IN_THREAD. */
export async function requireRoot(tx: Transaction, chatId: number, threadId: number): Promise<void> {
  const root = await findRoot(tx, chatId, threadId);
  if (!root) throw threadDoesNotExist();
  if (root.isInThread) throw threadInThread();
}
