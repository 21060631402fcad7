import { mayHaveUnread, unreadMessages } from './chats.js';
import { mayHaveUnreadMentions, unreadMentions } from './mentions.js';
import { within, type Reach } from './reach.js';
import type { Statement } from './statement.js';

/** Beyond so many messages nobody counts. */
const MAX_MESSAGES = 10_000;
/** Of one chat, as in a list of chats. */
const MAX_OF_CHAT = 1000;

/** What waits to be read, in chats that are neither muted nor archived. */
export interface BadgeRow {
  readonly messages: number;
  readonly chats: number;
  /** Of the messages those that name the user, but for chats of which they want no notifications. */
  readonly mentions: number;
}

/** SQL for the unread messages of a chat of `mine`. */
const UNREAD = `from public.message where ${unreadMessages('mine.chat_id', '$1', 'mine.last_read_message_id')}`;

/** $1 the user, $2 some chats, of which alone it is. No row: there is no such user. */
export function findBadge(reach: Reach): Statement<[number, number, number], BadgeRow> {
  return {
    name: reach === 'all' ? 'badge_find' : 'badge_find_some',
    text: `
    with mine as materialized (
      select p.chat_id, p.user_id, p.role, p.last_read_message_id, p.marked_unread, p.notifications,
        ${mayHaveUnreadMentions('p', 'chat')} as has_mentions
      from public.chat_participant p
      cross join lateral (select last_message_id, last_mention_id from public.chat where id = p.chat_id offset 0) chat
      where p.user_id = $1 and p.archived_at is null and coalesce(p.muted_until <= now(), true)
        and (p.marked_unread or ${mayHaveUnread('p', 'chat')})${within(reach, 'p.chat_id', '$2')}
    )
    select
      (select count(*)::int from (
        select from mine cross join lateral (select ${UNREAD} limit ${MAX_OF_CHAT}) message limit ${MAX_MESSAGES}
      ) unread),
      (select count(*)::int from mine where marked_unread or exists (select ${UNREAD} offset 0)),
      (select count(*)::int from (
        select from mine cross join lateral (${unreadMentions('mine')}
        ) mention
        where has_mentions and coalesce(mine.notifications, "user".notifications) <> 'none'
        limit ${MAX_MESSAGES}
      ) named)
    from public."user" where id = $1 and erased_at is null`,
    row: ([messages, chats, mentions]) => ({ messages, chats, mentions }),
  };
}
