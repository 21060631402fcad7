import { idList, list, utc, utcJson, type Statement } from './statement.js';

export interface MessageRow {
  readonly id: number;
  readonly created_at: string;
  readonly updated_at: string;
  readonly contents: string;
  readonly author_id: number;
  /** Not there unless its author gave it one. */
  readonly client_id?: string;
  /** Not there unless it has been edited. */
  readonly edited_at?: string;
}

export type MessageColumns = [number, string, string, string, number, string | null, string | null];
export type NoMessageColumns = [null, null, null, null, null, null, null];

/** The columns of a message, for the alias of its table. */
export function messageColumns(alias: string): string {
  const times = [utc(`${alias}.created_at`), utc(`${alias}.updated_at`)];
  const optional = [`${alias}.client_id`, utc(`${alias}.edited_at`)];
  return [`${alias}.id`, ...times, `${alias}.contents`, `${alias}.author_id`, ...optional].join(', ');
}

export function messageRow(columns: MessageColumns | NoMessageColumns): MessageRow | null {
  const [id, created_at, updated_at, contents, author_id, client_id, edited_at] = columns;
  if (id === null) return null;
  return {
    ...{ id, created_at, updated_at, contents, author_id },
    ...(client_id !== null && { client_id }),
    ...(edited_at !== null && { edited_at }),
  };
}

/** SQL for a message as JSON with the same fields, for the alias of its table. */
export function messageJson(alias: string): string {
  return `json_strip_nulls(json_build_object('id', ${alias}.id, 'created_at', ${utcJson(`${alias}.created_at`)},
    'updated_at', ${utcJson(`${alias}.updated_at`)}, 'contents', ${alias}.contents, 'author_id', ${alias}.author_id,
    'client_id', ${alias}.client_id, 'edited_at', ${utcJson(`${alias}.edited_at`)}))`;
}

/** A message on a page, and its author's username. */
export interface MessagePageRow {
  readonly message: MessageRow;
  readonly author: string;
}

/** What the statement says when there is no message: whether that is because the reader may not know. */
export interface EmptyMessagePageRow {
  readonly message: null;
  readonly is_participant: boolean;
}

type MessagePageColumns = [boolean, string | null, ...(MessageColumns | NoMessageColumns)];

/**
 * $1 the reader, $2 the chat, $3 the cursor's message id or null, $4 the number of messages.
 * No row: there is no such user. An empty page is one row without a message.
 */
function messagePage(
  name: string,
  after: string,
  order: string,
): Statement<MessagePageColumns, MessagePageRow | EmptyMessagePageRow> {
  return {
    name,
    text: `
      select p.user_id is not null, author.username, ${messageColumns('m')}
      from public."user" reader
      left join lateral (
        select * from public.chat_participant where chat_id = $2 and user_id = reader.id offset 0
      ) p on true
      left join lateral (
        select * from public.message
        where message.chat_id = p.chat_id and ${after}
        order by message.id ${order}
        limit $4
      ) m on true
      left join lateral (select username from public."user" where id = m.author_id offset 0) author on true
      where reader.id = $1
      order by m.id ${order}`,
    row: ([is_participant, author, ...columns]) => {
      const message = messageRow(columns);
      return message === null || author === null ? { message: null, is_participant } : { message, author };
    },
  };
}

export const messagesAscending = messagePage('message_page_asc', 'message.id > coalesce($3::int8, 0)', 'asc');
export const messagesDescending = messagePage(
  'message_page_desc',
  'message.id < coalesce($3::int8, 9223372036854775807)',
  'desc',
);

/** A message to be sent. */
export interface Draft {
  readonly authorId: number;
  readonly chatId: number;
  readonly contents: string;
  /** The author's own name for it: under the same name it is sent only once. */
  readonly clientId: string | undefined;
}

/** A message as one of its author's sends has left it. */
interface SentMessageRow extends MessageRow {
  readonly pts: number;
}

/**
 * What became of a draft: `repeated` has the message of an earlier send of the same draft, `taken` is a client_id under
 * which another has been sent, `deleted` one whose message has been removed since.
 */
export type Sending =
  | { readonly outcome: 'sent' | 'repeated'; readonly message: SentMessageRow }
  | { readonly outcome: 'taken' | 'deleted' | 'not a participant' | 'no such user' }
  /**
   * The chat was locked, or while the statement waited for it its participants or tombstones changed: try again, nothing
   * has been kept.
   */
  | { readonly outcome: 'stale' };

type SendingColumns = [Sending['outcome'], number | null, ...(MessageColumns | NoMessageColumns)];

/**
 * $1 the authors, $2 the chats, $3 the contents, $4 the client_ids or null of drafts; a row for each, in their order.
 *
 * The chats' rows are locked first, in the order of their ids, so that two nodes never wait for each other. A row that
 * had to be waited for comes as the other send left it, and ids and times are drawn after that: they ascend, with pts,
 * in the order in which the sends commit, and within a batch in the order of the drafts.
 *
 * Participants and earlier messages are read as they were before that wait. The last_event_pts of the locked row says
 * whether somebody was removed, or a message deleted, meanwhile. An earlier send of the same client_id that was not yet
 * committed is found by the unique index.
 */
function sendStatement(name: string, ofLocked: 'skip locked' | ''): Statement<SendingColumns, Sending> {
  return {
    name,
    text: `
    with draft as materialized (
      select * from unnest(${idList('$1')}, ${idList('$2')}, ${list('$3', 'text')}, ${list('$4', 'text')})
        with ordinality as draft (author_id, chat_id, contents, client_id, n)
    ), allowed as materialized (
      select draft.*, chat.last_event_pts,
        case when client_id is null then n else min(n) over (partition by author_id, client_id) end as first_n
      from draft
      cross join lateral (
        select from public.chat_participant where chat_id = draft.chat_id and user_id = draft.author_id offset 0
      ) p
      cross join lateral (select last_event_pts from public.chat where id = draft.chat_id offset 0) chat
    ), earlier as materialized (
      select n, m.*, m.chat_id = allowed.chat_id
        and coalesce(m.sent_digest = sha256(convert_to(allowed.contents, 'UTF8')), m.contents = allowed.contents) as same
      from allowed
      cross join lateral (
        select * from public.message where author_id = allowed.author_id and client_id = allowed.client_id offset 0
      ) m
      where allowed.client_id is not null
    ), buried as materialized (
      select n
      from allowed
      cross join lateral (
        select from public.chat_event e
        where e.type = 'message.deleted'
          and (e.data ->> 'author_id')::bigint = allowed.author_id and e.data ->> 'client_id' = allowed.client_id
        offset 0
      ) tombstone
      where client_id is not null
    ), fresh as materialized (
      select * from allowed
      where n = first_n and n not in (select n from earlier) and n not in (select n from buried)
    ), locked as materialized (
      select chat.*
      from (select distinct chat_id from fresh order by chat_id) asked
      cross join lateral (
        select id, last_pts, last_event_pts from public.chat
        where id = asked.chat_id
        for no key update ${ofLocked}
      ) chat
    ), numbered as materialized (
      select n, chat_id, author_id, contents, client_id, pts, nextval('public.message_id_seq') as id,
        clock_timestamp()::timestamptz(3) as sent_at
      from (
        select fresh.*, locked.last_pts + row_number() over (partition by chat_id order by n) as pts
        from fresh
        join locked on locked.id = chat_id and locked.last_event_pts = fresh.last_event_pts
        order by n
      ) ordered
    ), bumped as (
      update public.chat
      set last_pts = newest.pts, last_message_id = newest.id, last_activity_at = newest.sent_at
      from (
        select chat_id, max(pts) as pts, max(id) as id, max(sent_at) as sent_at from numbered group by chat_id
      ) newest
      where chat.id = newest.chat_id
    ), sent as (
      insert into public.message (id, created_at, updated_at, chat_id, author_id, contents, pts, client_id)
      select id, sent_at, sent_at, chat_id, author_id, contents, pts, client_id from numbered
    ), result as materialized (
      select n, pts, id, sent_at as created_at, sent_at as updated_at, chat_id, contents, author_id, client_id,
        null::timestamptz as edited_at, null::boolean as same
      from numbered
      union all
      select n, pts, id, created_at, updated_at, chat_id, contents, author_id, client_id, edited_at, same from earlier
    )
    select
      case
        when author.id is null then 'no such user'
        when allowed.n is null then 'not a participant'
        when allowed.n in (select n from buried) then 'deleted'
        when result.n is null then 'stale'
        when allowed.n = allowed.first_n and result.same is null then 'sent'
        when coalesce(result.same, result.chat_id = allowed.chat_id and result.contents = allowed.contents)
          then 'repeated'
        else 'taken'
      end,
      result.pts, ${messageColumns('result')}
    from draft
    left join lateral (select id from public."user" where id = draft.author_id offset 0) author on true
    left join allowed on allowed.n = draft.n
    left join result on result.n = case when draft.n in (select n from earlier) then draft.n else allowed.first_n end
    order by draft.n`,
    row: ([outcome, pts, ...columns]) => {
      if (outcome !== 'sent' && outcome !== 'repeated') return { outcome };
      const message = messageRow(columns);
      if (message === null || pts === null) throw new Error('A message has been sent and does not come back.');
      return { outcome, message: { ...message, pts } };
    },
  };
}

/** Drafts to chats that somebody else is changing are stale at once: the others don't wait for them. */
export const sendMessages = sendStatement('message_send', 'skip locked');
/** Waits for whoever is changing a chat. */
export const sendMessagesPatiently = sendStatement('message_send_patient', '');
