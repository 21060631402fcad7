import { lastMessage, unreadCount } from './chats.js';
import { unreadMentionCount } from './mentions.js';
import { areMarksShown, toldOfMarks } from './receipts.js';
import type { Statement } from './statement.js';

/** How far a user has read in a chat. */
export interface ReadMarkRow {
  readonly lastReadId: number | null;
  readonly unreadCount: number;
  readonly unreadMentions: number;
  /** The number of the change in the user's own log; null: the mark was there already, and the chat not marked as unread. */
  readonly mePts: number | null;
  /** Whether the mark has moved, and not only the chat been marked as unread before. */
  readonly hasMoved: boolean;
  /** Whether others may be told of it. */
  readonly isShown: boolean;
  /** Whom to tell; null: everybody in the chat. */
  readonly told: readonly number[] | null;
}

/**
 * $1 the user, $2 the chat, $3 the message up to which they have read. The mark only moves on, and never beyond the newest
 * message; the chat is not marked as unread any more. No row: they take no part in such a chat.
 */
export const moveReadMark: Statement<
  [number | null, number, number, number | null, boolean, boolean, number[] | null],
  ReadMarkRow
> = {
  name: 'read_mark_move',
  text: `
    with before as (
      select p.chat_id, p.user_id, p.last_read_message_id, p.marked_unread, p.role, me.shows_receipts, chat.participant_count, chat.last_message_id, chat.last_mention_id, case
          when ${lastMessage('chat', 'p')} is null then p.last_read_message_id
          else greatest(p.last_read_message_id, least($3::int8, ${lastMessage('chat', 'p')}))
        end as next
      from public.chat_participant p
      cross join lateral (
        select last_message_id, participant_count, last_mention_id from public.chat where id = p.chat_id offset 0
      ) chat
      cross join lateral (select shows_receipts from public."user" where id = $1 and erased_at is null offset 0) me
      where p.chat_id = $2 and p.user_id = $1
      for no key update of p
    ), moved as (
      select * from before where next is distinct from last_read_message_id or marked_unread
    ), numbered as (
      insert into public.user_log as log (user_id, me_pts)
      select user_id, 1 from moved
      on conflict (user_id) do update set me_pts = log.me_pts + 1
      returning me_pts
    ), marked as (
      update public.chat_participant p
      set last_read_message_id = moved.next, marked_unread = false, read_me_pts = numbered.me_pts
      from moved, numbered
      where p.chat_id = $2 and p.user_id = $1
    )
    select next, ${unreadCount('read', 'read')},
      ${unreadMentionCount('read', 'read')}, (select me_pts from numbered),
      next is distinct from before.last_read_message_id, ${areMarksShown('participant_count', 'shows_receipts')},
      case when next is distinct from before.last_read_message_id and ${areMarksShown('participant_count', 'shows_receipts')}
        then ${toldOfMarks('$2')} end
    from before
    cross join lateral (select before.chat_id, before.user_id, before.role, before.last_message_id, before.last_mention_id, next as last_read_message_id) read`,
  row: ([lastReadId, unreadCount, unreadMentions, mePts, hasMoved, isShown, told]) => ({
    ...{ lastReadId, unreadCount, unreadMentions, mePts, hasMoved, isShown, told },
  }),
};
