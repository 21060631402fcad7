import { utc, type Statement } from './statement.js';

export interface MessageRow {
  readonly id: number;
  readonly created_at: string;
  readonly updated_at: string;
  readonly contents: string;
  readonly author_id: number;
}

export type MessageColumns = [number, string, string, string, number];
export type NoMessageColumns = [null, null, null, null, null];

/** The columns of a message, for the alias of its table. */
export function messageColumns(alias: string): string {
  const times = [utc(`${alias}.created_at`), utc(`${alias}.updated_at`)];
  return [`${alias}.id`, ...times, `${alias}.contents`, `${alias}.author_id`].join(', ');
}

export function messageRow(columns: MessageColumns | NoMessageColumns): MessageRow | null {
  const [id, created_at, updated_at, contents, author_id] = columns;
  return id === null ? null : { id, created_at, updated_at, contents, author_id };
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
      left join public.chat_participant p on p.user_id = reader.id and p.chat_id = $2
      left join lateral (
        select * from public.message
        where message.chat_id = p.chat_id and ${after}
        order by message.id ${order}
        limit $4
      ) m on true
      left join public."user" author on author.id = m.author_id
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
}

/**
 * $1 the authors, $2 the chats, $3 the contents of drafts; a row for each, in their order.
 * undefined: there is no such user. Null: no participant of such a chat.
 *
 * The chats' rows are locked first, in the order of their ids, so that two nodes never wait for each other. A row that
 * had to be waited for comes as the other send left it, and ids and times are drawn after that: they ascend, with pts,
 * in the order in which the sends commit, and within a batch in the order of the drafts.
 */
export const sendMessages: Statement<[boolean, ...(MessageColumns | NoMessageColumns)], MessageRow | null | undefined> =
  {
    name: 'message_send',
    text: `
    with draft as materialized (
      select * from unnest($1::int8[], $2::int8[], $3::text[]) with ordinality as draft (author_id, chat_id, contents, n)
    ), allowed as materialized (
      select draft.*
      from draft
      join public.chat_participant p on p.chat_id = draft.chat_id and p.user_id = draft.author_id
    ), locked as materialized (
      select id, last_pts from public.chat
      where id in (select chat_id from allowed)
      order by id
      for no key update
    ), numbered as materialized (
      select n, chat_id, author_id, contents, pts, nextval('public.message_id_seq') as id,
        clock_timestamp()::timestamptz(3) as sent_at
      from (
        select allowed.*, locked.last_pts + row_number() over (partition by chat_id order by n) as pts
        from allowed
        join locked on locked.id = chat_id
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
      insert into public.message (id, created_at, updated_at, chat_id, author_id, contents, pts)
      select id, sent_at, sent_at, chat_id, author_id, contents, pts from numbered
    )
    select author.id is not null, numbered.id, ${utc('numbered.sent_at')}, ${utc('numbered.sent_at')},
      numbered.contents, numbered.author_id
    from draft
    left join public."user" author on author.id = draft.author_id
    left join numbered on numbered.n = draft.n
    order by draft.n`,
    row: ([authorExists, ...message]) => (authorExists ? messageRow(message) : undefined),
  };
