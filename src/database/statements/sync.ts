import type { ReadModel } from '../read-model.js';
import { CHAT_OF_MINE, MINE, isThere, maySee, type ChatRow } from './chats.js';
import type { ProfileRow } from './profiles.js';
import { within, type Reach } from './reach.js';
import { type Statement } from './statement.js';

/** How much a slice of a chat has, and after how many missed changes it is better to begin afresh. */
const MAX_CHANGES = 200;
const TOO_LONG = 1000;
/** How many changes of profiles are looked at: most of them are of people whom the user does not know. */
const MAX_PROFILES = 500;
const TOO_MANY_PROFILES = 10_000;
/** How much an answer has. */
const MAX_CHANGES_OF_ALL = 2000;
const MAX_JOINED = 500;
/** As JSON: changes may be as small as a name and as large as 12 kB. What goes beyond this is the last of its slice. */
const MAX_SLICE_BYTES = 256 * 1024;
/** Of the changes, and of the chats that are new. */
const MAX_ANSWER_BYTES = 512 * 1024;
/** In larger chats nobody is told how far the others have read. */
export const MAX_READERS = 100;

/** A change of a chat: a message as it is now, or a row of the chat's log as it is stored. */
interface ChangeRow {
  readonly type: string;
  readonly pts: number;
  readonly data: object;
  /** null: it is a message. */
  readonly actor_id: number | null;
}

export interface SyncedChatRow {
  /** What clients get, but for the changes. */
  readonly shown: { readonly chat_id: number };
  readonly participant_count: number;
  readonly changes: readonly ChangeRow[];
}

/** What has changed of what is the user's alone. */
interface OwnChangesRow {
  readonly me_pts: number;
  readonly has_more: boolean;
  readonly reset: boolean;
  readonly changes: readonly { readonly type: string; readonly me_pts: number; readonly data: object }[];
}

/** What has changed of the profiles of people with whom the user shares a chat, and of their own. */
interface PeopleRow {
  readonly people_pts: number;
  readonly has_more: boolean;
  readonly reset: boolean;
  readonly profiles: readonly ProfileRow[];
}

export type SyncRow =
  | { readonly kind: 'epoch'; readonly body: string }
  | { readonly kind: 'more'; readonly body: null }
  | { readonly kind: 'joined'; readonly body: ChatRow }
  | { readonly kind: 'left'; readonly body: number[] }
  | { readonly kind: 'me'; readonly body: OwnChangesRow }
  | { readonly kind: 'people'; readonly body: PeopleRow }
  | { readonly kind: 'chat'; readonly body: SyncedChatRow };

/**
 * SQL for how large a row of the log may be once it is presented. The kinds that grow say by how much.
 */
function bytesOf({ growth }: ReadModel): string {
  const cases = growth.map(({ type, factor }) => `when '${type}' then ${factor}`);
  const factor = cases.length === 0 ? '1' : `case e.type ${cases.join(' ')} else 1 end`;
  return `octet_length(e.data::text) * ${factor}`;
}

/**
 * SQL for what has changed in each chat of `changed`; parameters as below. That the user was removed is left out: they have
 * been added again since.
 */
function syncedChats(model: ReadModel): string {
  return `
    select mine.chat_id, json_build_object('shown', json_build_object(
      'chat_id', mine.chat_id,
      'pts', case when slice.has_more then slice.last else mine.last_pts end,
      'has_more', coalesce(slice.has_more, false),
      'too_long', mine.too_long,
      ${model.own.jsonFields('mine')},
      'read_marks', coalesce((
        select json_agg(json_build_object('user_id', p.user_id, 'message_id', p.last_read_message_id) order by p.user_id)
        from public.chat_participant p
        where p.chat_id = mine.chat_id and p.user_id <> $1 and p.last_read_message_id is not null
          and mine.participant_count <= ${MAX_READERS}
          and (select shows_receipts from public."user" where id = $1)
          and (select shows_receipts from public."user" where id = p.user_id offset 0)
      ), '[]'::json)),
      'participant_count', mine.participant_count,
      'changes', coalesce(slice.changes, '[]'::json)) as body,
      coalesce(slice.bytes, 0) as bytes
    from changed mine
    left join lateral (
      select bool_or(not fits) as has_more, max(pts) filter (where fits) as last, sum(bytes) filter (where fits) as bytes,
        json_agg(json_build_object('type', type, 'pts', pts, 'data', data, 'actor_id', actor_id) order by pts)
          filter (where fits) as changes
      from (
        select *, row_number() over (order by pts) <= ${MAX_CHANGES} and coalesce(sum(bytes)
          over (order by pts rows between unbounded preceding and 1 preceding), 0) < ${MAX_SLICE_BYTES} as fits
        from (
          select *, octet_length(data::text) as bytes
          from (
            select m.pts, 'message.state' as type, ${model.message.json('m', MINE)} as data, null::int8 as actor_id
            from public.message m
            where m.chat_id = mine.chat_id and m.pts > mine.pts and not mine.too_long and ${maySee('mine', 'm')} and ${isThere('m')}
            order by m.pts limit ${MAX_CHANGES} + 1
          ) message
          union all
          (select e.pts, e.type, e.data::json, e.actor_id, ${bytesOf(model)}
          from public.chat_event e
          where e.chat_id = mine.chat_id and e.pts > mine.pts and not mine.too_long and (e.only_for is null or e.only_for = $1)
            and not (e.type = 'participant.removed' and (e.data ->> 'user_id')::bigint = $1)
          order by e.pts limit ${MAX_CHANGES} + 1)
        ) change
      ) counted
    ) slice on true
    where coalesce(mine.before, 0) < ${MAX_CHANGES_OF_ALL}`;
}

/** SQL for what has changed of what is the user's alone, from `own`; parameters as below. */
function ownChanges({ ownStates }: ReadModel): string {
  const changed = ownStates.map(
    ({ type, changed }) => `select '${type}' as type, me_pts, key from (${changed('$1')}) ${type.replace(/\W/g, '_')}`,
  );
  const data = ownStates.map(({ type, state }) => `when '${type}' then ${state('$1', 'changed.key')}`);
  return `
    select *, row_number() over (order by me_pts) <= ${MAX_CHANGES} and coalesce(sum(octet_length(data::text))
      over (order by me_pts rows between unbounded preceding and 1 preceding), 0) < ${MAX_SLICE_BYTES} as fits
    from (
      select me_pts, type, case type ${data.join(' ')} end as data
      from (
        select * from (${changed.join(' union all ')}) any_change
        where me_pts > (select since from own)
        order by me_pts limit ${MAX_CHANGES} + 1
      ) changed
    ) state`;
}

/**
 * SQL for the profiles that have changed, from `people` and `mine`; parameters as below. Whom the user does not know counts
 * for the number, and is not shown. Who is erased has left their chats, and is shown to all, so that nobody keeps their name.
 */
function changedProfiles({ profile }: ReadModel): string {
  return `
    select *, coalesce(sum(octet_length(data::text))
      over (order by profile_pts rows between unbounded preceding and 1 preceding), 0) < ${MAX_SLICE_BYTES} as fits
    from (
      select changed.profile_pts, case
          when changed.id = $1 or changed.erased_at is not null or exists (
            select from (select chat_id from public.chat_participant where user_id = changed.id offset 0) theirs
            where chat_id in (select chat_id from mine)
          ) then ${profile.json('changed')}
        end as data
      from (
        select * from public."user"
        where profile_pts > (select since from people) and profile_pts > 0
        order by profile_pts limit ${MAX_PROFILES}
      ) changed
    ) profile`;
}

/**
 * $1 the user, $2 the epoch that they show or null, $3 the chats that they have, $4 their pts, $5 what they know to have
 * read in each: 0 for nothing, null not to compare it, $6 up to which number of their own log, or null not to be told of it;
 * $7 the same of profiles, where 0 says that they keep none; $8 some chats: in others the user is as if they took no part.
 * All of it is read in one snapshot. No row of kind epoch: there is no such user.
 */
export function syncChats(model: ReadModel, reach: Reach): Statement<[SyncRow['kind'], SyncRow['body']], SyncRow> {
  return {
    name: reach === 'all' ? 'chat_sync' : 'chat_sync_some',
    text: `
    with epoch as materialized (
      select epoch::text as value from public.sync_epoch
    ), known as materialized (
      select * from unnest($3::int8[], $4::int8[], $5::int8[]) known (chat_id, pts, read_id)
      where coalesce($2::text = (select value from epoch), true)
    ), mine as materialized (
      select p.*, chat.last_pts, chat.participant_count, chat.private_key, chat.member_rights, chat.last_message_id, chat.last_mention_id, known.chat_id is not null as is_known, known.pts, known.read_id
      from public.chat_participant p
      cross join lateral (
        select last_pts, participant_count, private_key, member_rights, last_message_id, last_mention_id from public.chat where id = p.chat_id offset 0
      ) chat
      left join known on known.chat_id = p.chat_id
      where p.user_id = $1${within(reach, 'p.chat_id', '$8')}
    ), changed as materialized (
      select *, last_pts < pts or last_pts - pts > ${TOO_LONG} or pts < coalesce(history_from_pts, 0) as too_long,
        sum(case when last_pts < pts then 0 else least(last_pts - pts, ${MAX_CHANGES}) end)
          over (order by chat_id rows between unbounded preceding and 1 preceding) as before
      from mine
      where is_known and (last_pts <> pts or (read_id is not null and nullif(read_id, 0) is distinct from last_read_message_id))
    ), new as materialized (
      select * from mine where not is_known order by chat_id limit ${MAX_JOINED} + 1
    ), joined as materialized (
      select *, sum(octet_length(body::text)) over (order by chat_id rows between unbounded preceding and 1 preceding) as bytes_before
      from (
        select mine.chat_id, ${model.chat.json('chat')} as body
        from new mine ${CHAT_OF_MINE}
        order by mine.chat_id limit ${MAX_JOINED}
      ) chat
    ), synced as materialized (
      select *, sum(octet_length(body::text) + bytes)
        over (order by chat_id rows between unbounded preceding and 1 preceding) as bytes_before
      from (${syncedChats(model)}) chat
    ), own as materialized (
      select me_pts, case when is_behind then $6 else 0 end as since, not is_behind as reset
      from (
        select me_pts, $6 <= me_pts and coalesce($2::text = (select value from epoch), true) as is_behind
        from (select coalesce((select me_pts from public.user_log where user_id = $1), 0) as me_pts) log
        where $6::int8 is not null
      ) log
    ), own_changes as materialized (${ownChanges(model)}
    ), people as materialized (
      select last_pts, reset, case when $7 > 0 and not reset then $7 else last_pts end as since
      from (
        select last_pts, $7 > last_pts or last_pts - $7 > ${TOO_MANY_PROFILES} and $7 > 0
          or not coalesce($2::text = (select value from epoch), true) as reset
        from public.profile_log
        where $7::int8 is not null
      ) log
    ), profiles as materialized (${changedProfiles(model)})
    select 'epoch', to_json(value) from epoch where exists (select from public."user" where id = $1 and erased_at is null)
    union all
    select 'more', null
    where exists (select from changed where before >= ${MAX_CHANGES_OF_ALL})
      or exists (select from synced where bytes_before >= ${MAX_ANSWER_BYTES})
      or exists (select from joined where bytes_before >= ${MAX_ANSWER_BYTES})
      or (select count(*) from new) > ${MAX_JOINED}
    union all
    select 'left', json_agg(known.chat_id) from known
    where not exists (select from mine where mine.chat_id = known.chat_id)
    having count(*) > 0
    union all
    select 'me', json_build_object(
      'me_pts', case when exists (select from own_changes where not fits)
        then (select max(me_pts) from own_changes where fits) else me_pts end,
      'has_more', exists (select from own_changes where not fits),
      'reset', reset,
      'changes', coalesce((
        select json_agg(json_build_object('type', type, 'me_pts', me_pts, 'data', data) order by me_pts)
        from own_changes where fits
      ), '[]'::json))
    from own
    union all
    select 'people', json_build_object(
      'people_pts', case
        when exists (select from profiles where not fits) then (select max(profile_pts) from profiles where fits)
        when (select count(*) from profiles) = ${MAX_PROFILES} then (select max(profile_pts) from profiles)
        else last_pts
      end,
      'has_more', exists (select from profiles where not fits) or (select count(*) from profiles) = ${MAX_PROFILES},
      'reset', reset,
      'profiles', coalesce((select json_agg(data order by profile_pts) from profiles where fits and data is not null), '[]'::json))
    from people
    union all
    (select 'joined', body from joined where coalesce(bytes_before, 0) < ${MAX_ANSWER_BYTES} order by chat_id)
    union all
    (select 'chat', body from synced where coalesce(bytes_before, 0) < ${MAX_ANSWER_BYTES} order by chat_id)`,
    row: ([kind, body]) => ({ kind, body }) as SyncRow,
  };
}
