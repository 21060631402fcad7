import { unreadCount } from './chats.js';
import type { Statement } from './statement.js';
import { MAX_READERS } from './sync.js';

/** How far a user has read in a chat. */
export interface ReadMarkRow {
  readonly lastReadId: number | null;
  readonly unreadCount: number;
  /** Whether the mark was not there before. */
  readonly moved: boolean;
  /** Whether everyone in the chat is told. */
  readonly isSmall: boolean;
}

/**
 * $1 the user, $2 the chat, $3 the message up to which they have read. The mark only moves on, and never beyond the newest
 * message. No row: they take no part in such a chat.
 */
export const moveReadMark: Statement<[number | null, number, boolean, boolean], ReadMarkRow> = {
  name: 'read_mark_move',
  text: `
    with before as (
      select p.chat_id, p.user_id, p.last_read_message_id, case
          when chat.last_message_id is null then p.last_read_message_id
          else greatest(p.last_read_message_id, least($3::int8, chat.last_message_id))
        end as next
      from public.chat_participant p
      cross join lateral (select last_message_id from public.chat where id = p.chat_id offset 0) chat
      where p.chat_id = $2 and p.user_id = $1
      for no key update of p
    ), marked as (
      update public.chat_participant p set last_read_message_id = next
      from before
      where p.chat_id = $2 and p.user_id = $1 and next is distinct from before.last_read_message_id
    )
    select next, ${unreadCount('before.chat_id', 'before.user_id', 'next')}, next is distinct from last_read_message_id, (
      select count(*) from (
        select from public.chat_participant where chat_id = $2 limit ${MAX_READERS} + 1
      ) readers
    ) <= ${MAX_READERS}
    from before`,
  row: ([lastReadId, unreadCount, moved, isSmall]) => ({ lastReadId, unreadCount, moved, isSmall }),
};
