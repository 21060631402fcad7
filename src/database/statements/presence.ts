import { shareChat } from './meeting.js';
import { isBlocked } from './private-writing.js';
import { within, type Reach } from './reach.js';
import { idList, utc, type Statement } from './statement.js';

export interface LastSeen {
  readonly userId: number;
  readonly lastSeenAt: string | null;
  /** Whether neither may know of the other: one of them has blocked the other, or does not show when they are there. */
  readonly isHidden: boolean;
}

/** $1 the user, $2 others, $3 some chats; a row for each with whom the user shares a chat of these, and for themselves. */
export function findContacts(reach: Reach): Statement<[number, string | null, boolean], LastSeen> {
  return {
    name: reach === 'all' ? 'contact_find' : 'contact_find_some',
    text: `
    select other.id, ${utc('other.last_seen_at')},
      other.id <> me.id and (not other.shows_last_seen or not me.shows_last_seen or ${isBlocked('$1', 'other.id')})
    from (select id, shows_last_seen from public."user" where id = $1 offset 0) me
    cross join (select distinct unnest(${idList('$2')}) as user_id) asked
    cross join lateral (
      select id, last_seen_at, shows_last_seen from public."user" where id = asked.user_id and erased_at is null offset 0
    ) other
    where other.id = $1 or ${shareChat('$1', 'other.id', within(reach, 'mine.chat_id', '$3'))}`,
    row: ([userId, lastSeenAt, isHidden]) => ({ userId, lastSeenAt, isHidden }),
  };
}

/** $1 users who are seen now. In the order of their ids, so that two nodes never wait for each other. */
export const markSeen: Statement<[], undefined> = {
  name: 'last_seen_mark',
  text: `
    update public."user" set last_seen_at = now()
    where id = any(array(
      select locked.id
      from (select distinct unnest(${idList('$1')}) as user_id order by user_id) asked
      cross join lateral (
        select id from public."user" where id = asked.user_id and erased_at is null for no key update
      ) locked
    ))`,
  row: () => undefined,
};
