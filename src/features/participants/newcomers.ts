import type { Transaction } from '../../database/index.js';
import { findKind, notAGroup } from '../chats/index.js';
import { addParticipants } from './participants.queries.js';

/** Who is new in a group, and the newest message there, up to which they have nothing unread. */
interface Newcomers {
  readonly ids: number[];
  readonly lastMessageId: number | null;
}

/**
 * Within a change of the group that adds users. They see what was written before, unless the group hides it from newcomers.
 * @param ownStart the first message that the user who adds them may see; null: all of them. Else one could read what is hidden from
 *   oneself by another account.
 * @throws NOT_A_GROUP
 */
export async function addNewcomers(
  tx: Transaction,
  chatId: number,
  userIds: readonly number[],
  { pts, ownStart }: { readonly pts: number; readonly ownStart: number | null },
): Promise<Newcomers> {
  const { isGroup, lastMessageId, isHistoryHidden } = await findKind(tx, chatId);
  if (!isGroup) throw notAGroup();
  // Where nothing has been written, there is nothing to hide.
  const next = lastMessageId === null ? null : lastMessageId + 1;
  const historyFromId = isHistoryHidden ? next : ownStart;
  return { ids: await addParticipants(tx, chatId, userIds, { lastMessageId, historyFromId, pts }), lastMessageId };
}
