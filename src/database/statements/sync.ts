import { chatJsonFields, peerId, unreadCount, type ChatRow } from './chats.js';
import { messageJson } from './messages.js';
import { type Statement } from './statement.js';

/** How much a slice of a chat has, and after how many missed changes it is better to begin afresh. */
const MAX_CHANGES = 200;
const TOO_LONG = 1000;
/** How much an answer has. */
const MAX_CHANGES_OF_ALL = 2000;
const MAX_JOINED = 500;
/** As JSON: changes may be as small as a name and as large as 12 kB. What goes beyond this is the last of its slice. */
const MAX_SLICE_BYTES = 256 * 1024;
/** Of the changes, and of the chats that are new. */
const MAX_ANSWER_BYTES = 512 * 1024;
/** In larger chats nobody is told how far the others have read. */
export const MAX_READERS = 100;

interface ChangeRow {
  readonly type: string;
  readonly pts: number;
  readonly data: Record<string, unknown>;
}

interface SyncChatRow {
  readonly chat_id: number;
  readonly pts: number;
  readonly has_more: boolean;
  readonly too_long: boolean;
  readonly last_read_message_id: number | null;
  readonly unread_count: number;
  readonly read_marks: { readonly user_id: number; readonly message_id: number }[];
  readonly changes: ChangeRow[];
}

export type SyncRow =
  | { readonly kind: 'epoch'; readonly body: string }
  | { readonly kind: 'more'; readonly body: null }
  | { readonly kind: 'joined'; readonly body: ChatRow }
  | { readonly kind: 'left'; readonly body: number[] }
  | { readonly kind: 'chat'; readonly body: SyncChatRow };

/**
 * SQL for what has changed in each chat of `changed`; parameters as below. That the user was removed is left out: they have
 * been added again since.
 */
const SYNCED_CHATS = `
    select c.chat_id, json_build_object(
      'chat_id', c.chat_id,
      'pts', case when slice.has_more then slice.last else c.last_pts end,
      'has_more', coalesce(slice.has_more, false),
      'too_long', c.too_long,
      'last_read_message_id', c.last_read_message_id,
      'unread_count', ${unreadCount('c.chat_id', '$1', 'c.last_read_message_id')},
      'read_marks', coalesce((
        select json_agg(json_build_object('user_id', p.user_id, 'message_id', p.last_read_message_id) order by p.user_id)
        from public.chat_participant p
        where p.chat_id = c.chat_id and p.user_id <> $1 and p.last_read_message_id is not null
          and (select count(*) from (
            select from public.chat_participant other where other.chat_id = c.chat_id limit ${MAX_READERS} + 1
          ) others) <= ${MAX_READERS}
      ), '[]'::json),
      'changes', coalesce(slice.changes, '[]'::json)) as body
    from changed c
    left join lateral (
      select bool_or(not fits) as has_more, max(pts) filter (where fits) as last,
        json_agg(json_build_object('type', type, 'pts', pts, 'data', data) order by pts) filter (where fits) as changes
      from (
        select *, row_number() over (order by pts) <= ${MAX_CHANGES} and coalesce(sum(octet_length(data::text))
          over (order by pts rows between unbounded preceding and 1 preceding), 0) < ${MAX_SLICE_BYTES} as fits
        from (
          (select m.pts, 'message.state' as type, ${messageJson('m')} as data
          from public.message m
          where m.chat_id = c.chat_id and m.pts > c.pts and not c.too_long
          order by m.pts limit ${MAX_CHANGES} + 1)
          union all
          (select e.pts, e.type,
            case e.type
              when 'message.deleted' then json_build_object('id', e.data -> 'id')
              when 'participant.added' then json_build_object('actor_id', e.actor_id,
                'participant_count', c.participant_count, 'users', (
                select json_agg(json_build_object('id', u.id, 'username', u.username) order by u.id)
                from jsonb_array_elements_text(e.data -> 'user_ids') added (id)
                cross join lateral (select id, username from public."user" where id = added.id::bigint offset 0) u
              ))
              when 'participant.removed' then json_build_object('actor_id', e.actor_id,
                'participant_count', c.participant_count, 'user_id', e.data -> 'user_id')
              else (e.data || jsonb_build_object('actor_id', e.actor_id))::json
            end
          from public.chat_event e
          where e.chat_id = c.chat_id and e.pts > c.pts and not c.too_long
            and not (e.type = 'participant.removed' and (e.data ->> 'user_id')::bigint = $1)
          order by e.pts limit ${MAX_CHANGES} + 1)
        ) change
      ) counted
    ) slice on true
    where coalesce(c.before, 0) < ${MAX_CHANGES_OF_ALL}`;

/**
 * $1 the user, $2 the epoch that they show or null, $3 the chats that they have, $4 their pts, $5 what they know to have
 * read in each: 0 for nothing, null not to compare it. All of it is read in one snapshot. No row of kind epoch: there is no
 * such user.
 */
export const syncChats: Statement<[SyncRow['kind'], SyncRow['body']], SyncRow> = {
  name: 'chat_sync',
  text: `
    with epoch as materialized (
      select epoch::text as value from public.sync_epoch
    ), known as materialized (
      select * from unnest($3::int8[], $4::int8[], $5::int8[]) known (chat_id, pts, read_id)
      where coalesce($2::text = (select value from epoch), true)
    ), mine as materialized (
      select p.chat_id, p.last_read_message_id, chat.last_pts, chat.participant_count, known.chat_id is not null as is_known, known.pts, known.read_id
      from public.chat_participant p
      cross join lateral (select last_pts, participant_count from public.chat where id = p.chat_id offset 0) chat
      left join known on known.chat_id = p.chat_id
      where p.user_id = $1
    ), changed as materialized (
      select *, last_pts < pts or last_pts - pts > ${TOO_LONG} as too_long,
        sum(case when last_pts < pts then 0 else least(last_pts - pts, ${MAX_CHANGES}) end)
          over (order by chat_id rows between unbounded preceding and 1 preceding) as before
      from mine
      where is_known and (last_pts <> pts or (read_id is not null and nullif(read_id, 0) is distinct from last_read_message_id))
    ), new as materialized (
      select chat_id, last_read_message_id from mine where not is_known order by chat_id limit ${MAX_JOINED} + 1
    ), joined as materialized (
      select *, sum(octet_length(body::text)) over (order by id rows between unbounded preceding and 1 preceding) as bytes_before
      from (
        select chat.id, json_build_object(${chatJsonFields('new.last_read_message_id', '$1')}) as body
        from new
        cross join lateral (select * from public.chat where id = new.chat_id offset 0) chat
        left join lateral (select id, username from public."user" where id = ${peerId('$1')} offset 0) peer on true
        left join lateral (select * from public.message where id = chat.last_message_id offset 0) m on true
        order by chat.id limit ${MAX_JOINED}
      ) chat
    ), synced as materialized (
      select *, sum(octet_length(body::text))
        over (order by chat_id rows between unbounded preceding and 1 preceding) as bytes_before
      from (${SYNCED_CHATS}) chat
    )
    select 'epoch', to_json(value) from epoch where exists (select from public."user" where id = $1)
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
    (select 'joined', body from joined where coalesce(bytes_before, 0) < ${MAX_ANSWER_BYTES} order by id)
    union all
    (select 'chat', body from synced where coalesce(bytes_before, 0) < ${MAX_ANSWER_BYTES} order by chat_id)`,
  row: ([kind, body]) => ({ kind, body }) as SyncRow,
};
