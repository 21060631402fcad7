import { commitChange, type Context } from '../../changes/index.js';
import type { Transaction } from '../../database/index.js';
import { chatAdvanced } from '../../realtime/index.js';
import { notAuthorized } from '../../shared/errors.js';
import { addNewcomers, participantAdded, refuseBanned } from '../participants/index.js';
import { isParticipant, removeRequest } from './invites.queries.js';
import type { Joining } from './join.schemas.js';

/**
 * Adds a user who joins by themselves: once, however many of their requests come at once.
 * @param requireOpen asked under the lock of the group, of who is not in it: throws unless they may join.
 * @throws NOT_AUTHORIZED, BANNED, and what requireOpen throws.
 */
export async function addJoiner(
  context: Context,
  { userId, chatId }: { readonly userId: number; readonly chatId: number },
  requireOpen: (tx: Transaction) => Promise<void>,
): Promise<Joining> {
  const change = await commitChange(
    context,
    participantAdded,
    { chatId, actorId: userId, byServer: true },
    {
      write: async (tx, pts) => {
        if (await isParticipant(tx, chatId, userId)) return undefined;
        await refuseBanned(tx, chatId, userId);
        await requireOpen(tx);
        await removeRequest(tx, chatId, userId);
        const { ids } = await addNewcomers(tx, chatId, [userId], { pts, ownStart: null });
        if (ids.length === 0) throw notAuthorized();
        return { user_ids: ids };
      },
      answer: (_tx, change) => Promise.resolve(change),
    },
  );
  if (change) context.live.publishToUsers([userId], chatAdvanced(chatId, change.pts));
  return { outcome: 'joined', chat_id: chatId };
}
