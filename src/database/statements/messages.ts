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

/**
 * $1 the author, $2 the chat, $3 the contents. No row: there is no such user. Null: no participant of such a chat.
 *
 * The update takes the chat's row lock. Where it had to wait for another send, PostgreSQL evaluates its expressions
 * again on the row as that send left it, so ids, pts and times are drawn in the order in which the sends commit.
 */
export const sendMessage: Statement<MessageColumns | NoMessageColumns, MessageRow | null> = {
  name: 'message_send',
  text: `
    with bumped as (
      update public.chat
      set last_pts = chat.last_pts + 1,
          last_message_id = nextval('public.message_id_seq'),
          last_activity_at = clock_timestamp()
      from public.chat_participant p
      where chat.id = $2 and p.chat_id = chat.id and p.user_id = $1
      returning chat.id, chat.last_pts, chat.last_message_id, chat.last_activity_at
    ), sent as (
      insert into public.message (id, created_at, updated_at, chat_id, author_id, contents, pts)
      select last_message_id, last_activity_at, last_activity_at, id, $1, $3, last_pts
      from bumped
      returning *
    )
    select ${messageColumns('sent')}
    from public."user" author
    left join sent on true
    where author.id = $1`,
  row: messageRow,
};
