import {
  commitMessageChanges,
  commitOwnChange,
  lockUser,
  type Context,
  type MessageChange,
} from '../../changes/index.js';
import { PacedBatches } from '../../shared/paced-batches.js';
import type { Deletion } from '../feature.js';
import { messageUpdated } from '../messages/index.js';
import {
  findNewFollowers,
  keepThread,
  markCounted,
  readChanges,
  readNextThread,
  removeChanges,
  type DueChange,
  type NewFollower,
} from './thread-changes.queries.js';
import { threadUpdated } from './thread.changes.js';
import { lockState, writeState } from './threads.queries.js';

type Thread = Pick<DueChange, 'rootId' | 'userId'>;

/** By database: a process may have several servers. */
const batches = new WeakMap<Context['db'], PacedBatches<Thread, undefined>>();

function batchesOf(context: Context): PacedBatches<Thread, undefined> {
  let known = batches.get(context.db);
  if (!known) {
    // Many may answer at once, and each change of a thread's root is an event for all.
    known = new PacedBatches(async (chatId, threads) => {
      await settle(context, chatId, threads);
      return threads.map(() => undefined);
    });
    batches.set(context.db, known);
  }
  return known;
}

/** A message of a thread has come or gone, and what is left to do about it has been committed with it. */
export function settleAfter(
  context: Context,
  { userId, chatId, threadId }: Pick<Deletion, 'userId' | 'chatId' | 'threadId'>,
): Promise<void> | undefined {
  return threadId === undefined ? undefined : batchesOf(context).add(chatId, { userId, rootId: threadId });
}

/**
 * Carries out all that is left to do about threads of a chat. What is done is not found again, so the process may die anywhere in it.
 * First the messages whose threads have changed, in one transaction, then who is to follow a thread, each in their own log.
 */
export async function settle(context: Context, chatId: number, threads: readonly Thread[]): Promise<void> {
  const [first] = threads;
  if (!first) return;
  const rootIds = [...new Set(threads.map(({ rootId }) => rootId))];
  const target = { chatId, actorId: first.userId };
  const { followers, ids } = await commitMessageChanges(context, messageUpdated, target, async (tx, next) => {
    const changes: MessageChange[] = [];
    const ids: number[] = [];
    for (const { rootId, delta, isShadowed, ids: ofThread } of await readChanges(tx, rootIds)) {
      ids.push(...ofThread);
      const thread = delta === null ? undefined : await readNextThread(tx, rootId, delta);
      if (!thread || (thread.is_same && !isShadowed)) continue;
      const pts = next();
      const message = await keepThread(tx, context.model, rootId, { thread: thread.thread, isShadowed }, pts);
      changes.push({ message, pts, data: message });
    }
    const followers = ids.length === 0 ? [] : await findNewFollowers(tx, ids);
    if (followers.length > 0) await markCounted(tx, ids);
    else await removeChanges(tx, ids);
    return { changes, answer: { followers, ids } };
  });
  if (followers.length === 0) return;
  for (const follower of followers) await letFollow(context, follower);
  await context.db.inTurn(first.userId, () => removeChanges(context.db, ids));
}

/** Who writes follows; whose message it is, unless they have chosen. What they have written they have read. */
function letFollow(context: Context, follower: NewFollower): Promise<void> {
  const { userId, rootId, writtenId } = follower;
  return commitOwnChange(context, threadUpdated, userId, {
    write: async (tx, next) => {
      await lockUser(tx, userId);
      const before = await lockState(tx, userId, rootId);
      if (before && (before.following || writtenId === null)) return undefined;
      const last_read_message_id = Math.max(before?.last_read_message_id ?? 0, writtenId ?? 0) || null;
      return writeState(tx, follower, { following: true, last_read_message_id }, await next());
    },
    answer: () => Promise.resolve(),
  });
}
