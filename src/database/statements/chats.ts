import { messageColumns, messageRow, type MessageColumns, type MessageRow, type NoMessageColumns } from './messages.js';
import { idList, utc, type Statement } from './statement.js';

export interface ChatRow {
  readonly id: number;
  readonly created_at: string;
  readonly updated_at: string;
  readonly name: string | null;
  readonly type: 'private' | 'group';
  readonly pts: number;
  readonly last_message: MessageRow | null;
  readonly last_read_message_id: number | null;
  readonly unread_count: number;
}

interface ParticipantRow {
  readonly id: number;
  readonly username: string;
}

export interface ChatListRow {
  readonly chat: ChatRow;
  /** The time by which the list is sorted. */
  readonly last_activity_at: string;
}

export interface ChatWithParticipantsRow extends ChatRow {
  readonly participants: ParticipantRow[];
}

type ChatColumns = [number, string, string, string | null, 'private' | 'group', number, number | null, number];
type NoChatColumns = [null, null, null, null, null, null, null, null];

/** Beyond this nobody counts. */
const MAX_UNREAD = 1000;

/** SQL for the number of messages of others after the reader's mark. */
export function unreadCount(chatId: string, userId: string, lastReadId: string): string {
  return `(
      select count(*)::int from (
        select from public.message
        where message.chat_id = ${chatId} and message.id > coalesce(${lastReadId}, 0) and message.author_id <> ${userId}
        limit ${MAX_UNREAD}
      ) unread
    )`;
}

/** Of the table chat, and of mine, which is the reader's row among its participants. */
const CHAT_COLUMNS = `chat.id, ${utc('chat.created_at')}, ${utc('chat.updated_at')}, chat.name, chat.type, chat.last_pts,
    mine.last_read_message_id, ${unreadCount('chat.id', 'mine.user_id', 'mine.last_read_message_id')}`;

function chatRow(chat: ChatColumns, message: MessageColumns | NoMessageColumns): ChatRow {
  const [id, created_at, updated_at, name, type, pts, last_read_message_id, unread_count] = chat;
  const last_message = messageRow(message);
  return { id, created_at, updated_at, name, type, pts, last_message, last_read_message_id, unread_count };
}

/** How many columns are the chat's. */
const CHAT_WIDTH = 8;

type ChatListColumns = [...(ChatColumns | NoChatColumns), string, ...(MessageColumns | NoMessageColumns)];

/**
 * $1 the user, $2 the activity before which the page begins, in ms since 1970 or Infinity, $3 the number of chats.
 * More come when several were active at the very instant at which the page ends, so that a time is an exact cursor.
 * No row: there is no such user. Null: the page is empty.
 *
 * Each of the user's chats is looked at. They come as an array, and the time as a query of its own, because a join and an
 * expression for each chat take a quarter longer.
 */
export const listChats: Statement<ChatListColumns, ChatListRow | null> = {
  name: 'chat_list',
  text: `
    select ${CHAT_COLUMNS}, ${utc('chat.last_activity_at')}, ${messageColumns('m')}
    from public."user"
    left join lateral (
      select id, created_at, updated_at, name, type, last_pts, last_activity_at, last_message_id
      from public.chat
      where id = any (array(select p.chat_id from public.chat_participant p where p.user_id = "user".id))
        and last_activity_at < (select to_timestamp($2::float8 / 1000))
      order by last_activity_at desc
      fetch first ($3) rows with ties
    ) chat on true
    left join lateral (
      select * from public.chat_participant where chat_id = chat.id and user_id = "user".id offset 0
    ) mine on true
    left join lateral (select * from public.message where id = chat.last_message_id offset 0) m on true
    where "user".id = $1
    order by chat.last_activity_at desc, chat.id desc`,
  row: (columns) => {
    if (columns[0] === null) return null;
    const chat = columns.slice(0, CHAT_WIDTH) as ChatColumns;
    const [last_activity_at, ...message] = columns.slice(CHAT_WIDTH) as [string, ...MessageColumns];
    return { chat: chatRow(chat, message), last_activity_at };
  },
};

type ChatGetColumns = [
  boolean,
  ...(ChatColumns | NoChatColumns),
  ParticipantRow[],
  ...(MessageColumns | NoMessageColumns),
];

/** Which chat, and who asks. */
export interface ChatQuestion {
  readonly userId: number;
  readonly chatId: number;
}

/**
 * $1 users, $2 the chat that each asks for; a row for each question, in their order. The participants come with the
 * creator first, then in order of joining. undefined: there is no such user. Null: no participant of such a chat.
 */
export const findChats: Statement<ChatGetColumns, ChatWithParticipantsRow | null | undefined> = {
  name: 'chat_find',
  text: `
    select "user".id is not null, ${CHAT_COLUMNS}, (
      select json_agg(
        json_build_object('id', member.id, 'username', member.username)
        order by p.user_id <> chat.creator_id, p.joined_order
      )
      from public.chat_participant p
      cross join lateral (select id, username from public."user" where id = p.user_id offset 0) member
      where p.chat_id = chat.id
    ), ${messageColumns('m')}
    from unnest(${idList('$1')}, ${idList('$2')}) with ordinality as question (user_id, chat_id, n)
    left join lateral (select id from public."user" where id = question.user_id offset 0) "user" on true
    left join lateral (
      select * from public.chat_participant
      where chat_id = question.chat_id and user_id = question.user_id
      offset 0
    ) mine on true
    left join lateral (select * from public.chat where id = mine.chat_id offset 0) chat on true
    left join lateral (select * from public.message where id = chat.last_message_id offset 0) m on true
    order by question.n`,
  row: ([userExists, ...columns]) => {
    if (!userExists) return undefined;
    if (columns[0] === null) return null;
    const chat = columns.slice(0, CHAT_WIDTH) as ChatColumns;
    const [participants, ...message] = columns.slice(CHAT_WIDTH) as [ParticipantRow[], ...MessageColumns];
    return { ...chatRow(chat, message), participants };
  },
};
