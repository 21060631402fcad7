import { lastMessage } from './chats.js';
import type { Statement } from './statement.js';
import { MAX_READERS } from './sync.js';

/** What has become of a mark that says how far a user has come. */
export interface DeliveredMarkRow {
  readonly messageId: number | null;
  readonly hasMoved: boolean;
  /** Whether others may be told of it. */
  readonly isShown: boolean;
  /** Whom to tell; null: everybody in the chat. */
  readonly told: readonly number[] | null;
}

/** SQL for whether marks in a chat of so many people are shown to the others. */
export function areMarksShown(participantCount: string, showsReceipts: string): string {
  return `(${participantCount} <= ${MAX_READERS} and ${showsReceipts})`;
}

/** SQL for who may learn of marks in a chat: those who show their own; null: everybody. */
export function toldOfMarks(chatId: string): string {
  return `(
      select case when not bool_and(shows_receipts) then coalesce(json_agg(p.user_id) filter (where shows_receipts), '[]') end
      from public.chat_participant p
      cross join lateral (select shows_receipts from public."user" where id = p.user_id offset 0) other
      where p.chat_id = ${chatId}
    )`;
}

/**
 * $1 the user, $2 the chat, $3 the message up to which a device has all. The mark only moves on, and never beyond the newest message. No
 * row: they take no part in such a chat.
 */
export const moveDeliveredMark: Statement<[number | null, boolean, boolean, number[] | null], DeliveredMarkRow> = {
  name: 'delivered_mark_move',
  text: `
    with before as (
      select p.chat_id, p.user_id, chat.participant_count, me.shows_receipts,
        greatest(p.delivered_message_id, p.last_read_message_id) as present,
        greatest(p.delivered_message_id, p.last_read_message_id, least($3::int8, ${lastMessage('chat', 'p')})) as next
      from public.chat_participant p
      cross join lateral (select last_message_id, participant_count from public.chat where id = p.chat_id offset 0) chat
      cross join lateral (select shows_receipts from public."user" where id = $1 and erased_at is null offset 0) me
      where p.chat_id = $2 and p.user_id = $1
      for no key update of p
    ), marked as (
      update public.chat_participant p set delivered_message_id = before.next
      from before
      where p.chat_id = $2 and p.user_id = $1 and before.next is distinct from before.present
    )
    select next, next is distinct from present, ${areMarksShown('participant_count', 'shows_receipts')},
      case when next is distinct from present and ${areMarksShown('participant_count', 'shows_receipts')} then ${toldOfMarks('$2')} end
    from before`,
  row: ([messageId, hasMoved, isShown, told]) => ({ messageId, hasMoved, isShown, told }),
};
