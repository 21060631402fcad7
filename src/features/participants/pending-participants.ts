import { commitChange, type Context } from '../../changes/index.js';
import { chatAdvanced } from '../../realtime/index.js';
import { Repetition } from '../../shared/repetition.js';
import { participantAdded } from './participant.changes.js';
import { addParticipants, takePending } from './participants.queries.js';

/** How often a process looks for what another one has not brought to its end. */
const SWEEP_MS = 5000;

/**
 * Adds the pending people of groups. Each slice is a change of its own.
 * @param pts up to which the caller knows the chat.
 * @returns up to which the caller knows it now: others may have changed the chat in between.
 */
export async function addPending(
  context: Context,
  creatorId: number,
  { id: chatId, pts: known }: { readonly id: number; readonly pts: number },
): Promise<number> {
  const state = { isLast: false };
  while (!state.isLast) {
    const change = await commitChange(
      context,
      participantAdded,
      { chatId, actorId: creatorId, byServer: true },
      {
        write: async (tx) => {
          const userIds = await takePending(tx, chatId);
          state.isLast = userIds === undefined;
          // The group was opened with them: what has been written meanwhile is unread.
          const user_ids = userIds ? await addParticipants(tx, chatId, userIds) : [];
          return user_ids.length > 0 ? { user_ids } : undefined;
        },
        answer: (_tx, change) => Promise.resolve(change),
      },
    );
    if (!change) continue;
    if (change.pts === known + 1) known = change.pts;
    context.live.publishToUsers(change.stored.user_ids, chatAdvanced(chatId, change.pts));
  }
  return known;
}

const FAILURE = 'could not add the people of a new group; trying on';

/** Adds the pending people of groups whose process died, or lost the database, before it had added them all. */
export function pendingSweep(context: Context): Repetition {
  const sweep = new Repetition(
    async () => {
      const chats = await context.db.$queryRaw<{ id: bigint; creator_id: bigint }[]>`
      select chat.* from (select distinct chat_id from public.pending_participants) pending
      cross join lateral (select id, creator_id from public.chat where id = pending.chat_id offset 0) chat`;
      for (const { id, creator_id } of chats) {
        if (sweep.isStopped) return;
        // One that fails must not keep the others waiting.
        await addPending(context, Number(creator_id), { id: Number(id), pts: 0 }).catch((error: unknown) => {
          context.log.warn({ err: error, chat_id: Number(id) }, FAILURE);
        });
      }
    },
    { pauseMs: SWEEP_MS, log: context.log, failure: FAILURE },
  );
  return sweep;
}
