import type { Projection } from '../projection.js';
import { mayKnow } from './meeting.js';
import { idList, type Statement } from './statement.js';
import { required } from './users.js';

/** All that others may know of a user. */
export interface ProfileRow {
  readonly id: number;
  /** The number of its last change. */
  readonly version: number;
}

export type ProfileProjection = Projection<ProfileRow>;

/** $1 who asks, $2 the user. No row: who asks does not exist. Null: the user does not, or who asks may not know. */
export function findProfile(profiles: ProfileProjection): Statement<unknown[], ProfileRow | null> {
  return {
    name: 'profile_find',
    text: `
    select ${profiles.columns('found')}
    from public."user" reader
    left join lateral (
      select * from public."user" other where id = $2 and erased_at is null and ${mayKnow('reader', 'other')} offset 0
    ) found on true
    where reader.id = $1 and reader.erased_at is null`,
    row: (columns) => profiles.row(columns),
  };
}

/** The number of the last change of any profile. */
export const findLastProfileChange: Statement<[number], number> = {
  name: 'profile_last',
  text: 'select last_pts from public.profile_log',
  row: ([lastPts]) => lastPts,
};

/** $1 the number after which they changed, $2 how many. In the order of their changes. */
export function findChangedProfiles(profiles: ProfileProjection): Statement<unknown[], ProfileRow> {
  return {
    name: 'profile_changes',
    text: `
    select ${profiles.columns('changed')} from public."user" changed
    where profile_pts > $1 and profile_pts > 0
    order by profile_pts limit $2`,
    row: (columns) => required(profiles.row(columns)),
  };
}

/** $1 users; a row for each of their chats. */
export const findChatsOfUsers: Statement<[number, number], { readonly userId: number; readonly chatId: number }> = {
  name: 'profile_chats',
  text: `
    select asked.user_id, p.chat_id from unnest(${idList('$1')}) asked (user_id)
    cross join lateral (select chat_id from public.chat_participant where user_id = asked.user_id offset 0) p`,
  row: ([userId, chatId]) => ({ userId, chatId }),
};
