import { idList, utc, type Statement } from './statement.js';

export interface LastSeen {
  readonly userId: number;
  readonly lastSeenAt: string | null;
}

/** $1 the user, $2 others; a row for each with whom the user shares a chat, and for themselves. */
export const findContacts: Statement<[number, string | null], LastSeen> = {
  name: 'contact_find',
  text: `
    select other.id, ${utc('other.last_seen_at')}
    from public."user" other
    where other.id = any(${idList('$2')}) and (other.id = $1 or exists (
      select from public.chat_participant mine
      join public.chat_participant theirs on theirs.chat_id = mine.chat_id
      where mine.user_id = $1 and theirs.user_id = other.id
    ))`,
  row: ([userId, lastSeenAt]) => ({ userId, lastSeenAt }),
};

/** $1 users who are seen now. In the order of their ids, so that two nodes never wait for each other. */
export const markSeen: Statement<[], undefined> = {
  name: 'last_seen_mark',
  text: `
    update public."user" set last_seen_at = now()
    where id in (select id from public."user" where id = any(${idList('$1')}) order by id for no key update)`,
  row: () => undefined,
};
