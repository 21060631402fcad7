import { commitChange, type Context } from '../../changes/index.js';
import { Repetition } from '../../shared/repetition.js';
import { withPause } from '../../shared/with-pause.js';
import { messageDeleted, removeMessage } from '../messages/index.js';
import { claimRemoval, findRemoved, finishRemoval, postponeRemoval, type Removal } from './message-removal.queries.js';

/** How often a process looks for what is due. */
const SWEEP_MS = 1000;
/** So long nobody else does a slice. It takes a second or so. */
const LEASE_MS = 30_000;
/** How many messages a slice deletes, each in a transaction of its own. */
const SLICE = 50;
/** Sends that were under way are deleted, too: they are looked for once more. */
const GRACE_MS = 2000;

const FAILURE = 'could not go on with deleting the messages of a user; trying on';

/** Deletes what people have written who were banned, in slices that take turns. */
export function messageRemovalJob(context: Context): Repetition {
  const job = new Repetition(
    async () => {
      while (!job.isStopped) {
        const removal = await claimRemoval(context.db, LEASE_MS);
        if (!removal) return;
        // One that fails must not keep the others waiting: it is due again after its lease.
        await goOn(context, removal, () => job.isStopped).catch((error: unknown) => {
          context.log.warn({ err: error, user_id: removal.authorId }, FAILURE);
        });
      }
    },
    { pauseMs: SWEEP_MS, log: context.log, failure: FAILURE },
  );
  return job;
}

async function goOn(context: Context, removal: Removal, isStopped: () => boolean): Promise<void> {
  const { id, authorId, actorId, ageMs } = removal;
  const found = await findRemoved(context.db, id, { limit: SLICE, graceMs: GRACE_MS });
  for (const message of found) {
    if (isStopped()) break;
    await withPause(() => removeAs(context, { ...message, authorId, actorId }));
  }
  if (found.length > 0) await postponeRemoval(context.db, id, 0);
  else if (ageMs < GRACE_MS) await postponeRemoval(context.db, id, GRACE_MS - ageMs);
  else await finishRemoval(context.db, id);
}

/** An ordinary deletion, by somebody who need not be in the chat. One that is deleted already is no change. */
export function removeAs(
  context: Context,
  {
    id,
    chatId,
    authorId,
    actorId,
  }: { readonly id: number; readonly chatId: number; readonly authorId: number; readonly actorId: number },
): Promise<void> {
  return commitChange(
    context,
    messageDeleted,
    { chatId, actorId, byServer: true },
    {
      write: (tx) => removeMessage(tx, { id, chat_id: chatId, author_id: authorId }),
      answer: () => Promise.resolve(),
    },
  );
}
