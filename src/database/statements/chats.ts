import {
  messageColumns,
  messageJson,
  messageRow,
  type MessageColumns,
  type MessageRow,
  type NoMessageColumns,
} from './messages.js';
import { idList, utc, utcJson, type Statement } from './statement.js';

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
  readonly peer: ParticipantRow | null;
  readonly participant_count: number;
}

export interface ParticipantRow {
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

type ChatColumns = [
  ...[number, string, string, string | null, 'private' | 'group', number, number | null, number],
  ...[number, number | null, string | null],
];
type NoChatColumns = [null, null, null, null, null, null, null, null, null, null, null];

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

/** SQL for the other person of a private chat, whose key names both; null in a group, which has no key. */
export function peerId(userId: string): string {
  const [one, other] = [1, 2].map((part) => `split_part(chat.private_key, ':', ${part})::int8`);
  return `coalesce(nullif(${one}, ${userId}), ${other})`;
}

/** Of the tables chat and peer, and of mine, which is the reader's row among its participants. */
const CHAT_COLUMNS = `chat.id, ${utc('chat.created_at')}, ${utc('chat.updated_at')}, chat.name, chat.type, chat.last_pts,
    mine.last_read_message_id, ${unreadCount('chat.id', 'mine.user_id', 'mine.last_read_message_id')},
    chat.participant_count, peer.id, peer.username`;

function chatRow(chat: ChatColumns, message: MessageColumns | NoMessageColumns): ChatRow {
  const [id, created_at, updated_at, name, type, pts, last_read_message_id, unread_count, ...people] = chat;
  const [participant_count, peerId, username] = people;
  const last_message = messageRow(message);
  const peer = peerId === null || username === null ? null : { id: peerId, username };
  return {
    ...{ id, created_at, updated_at, name, type, pts, last_message, last_read_message_id, unread_count },
    ...{ peer, participant_count },
  };
}

/** SQL for the fields of a chat as JSON. Of the tables chat, peer, and m, its last message; for the reader's mark and id. */
export function chatJsonFields(lastReadId: string, userId: string): string {
  return `'id', chat.id, 'created_at', ${utcJson('chat.created_at')}, 'updated_at', ${utcJson('chat.updated_at')},
    'name', chat.name, 'type', chat.type, 'pts', chat.last_pts,
    'last_message', case when m.id is not null then ${messageJson('m')} end,
    'last_read_message_id', ${lastReadId},
    'unread_count', ${unreadCount('chat.id', userId, lastReadId)}, 'participant_count', chat.participant_count,
    'peer', case when peer.id is not null then json_build_object('id', peer.id, 'username', peer.username) end`;
}

/** SQL for so many of the people in a chat or, when that is null, all: the creator first, then in order of joining. */
function participantsJson(count: string): string {
  return `(
      select coalesce(json_agg(
        json_build_object('id', member.id, 'username', member.username)
        order by p.user_id <> chat.creator_id, p.joined_order
      ), '[]')
      from (
        select user_id, joined_order from public.chat_participant
        where chat_participant.chat_id = chat.id
        order by user_id <> chat.creator_id, joined_order
        limit ${count}
      ) p
      cross join lateral (select id, username from public."user" where id = p.user_id offset 0) member
    )`;
}

/** $1 the user, $2 the chat: the same as findChats gives, as JSON, for inside of a transaction. */
export const CHAT_AS_JSON = `
    select json_build_object(${chatJsonFields('mine.last_read_message_id', 'mine.user_id')},
      'participants', ${participantsJson('null')}) as chat
    from public.chat_participant mine
    cross join lateral (select * from public.chat where id = mine.chat_id offset 0) chat
    left join lateral (select id, username from public."user" where id = ${peerId('mine.user_id')} offset 0) peer on true
    left join lateral (select * from public.message where id = chat.last_message_id offset 0) m on true
    where mine.user_id = $1::int8 and mine.chat_id = $2::int8`;

/** How many columns are the chat's. */
const CHAT_WIDTH = 11;

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
      select id, created_at, updated_at, name, type, private_key, participant_count, last_pts, last_activity_at, last_message_id
      from public.chat
      where id = any (array(select p.chat_id from public.chat_participant p where p.user_id = "user".id))
        and last_activity_at < (select to_timestamp($2::float8 / 1000))
      order by last_activity_at desc
      fetch first ($3) rows with ties
    ) chat on true
    left join lateral (
      select * from public.chat_participant where chat_id = chat.id and user_id = "user".id offset 0
    ) mine on true
    left join lateral (select id, username from public."user" where id = ${peerId('mine.user_id')} offset 0) peer on true
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

/** Which chat, who asks, and how many participants are to be named: all when undefined. */
export interface ChatQuestion {
  readonly userId: number;
  readonly chatId: number;
  readonly participants: number | undefined;
}

/**
 * $1 users, $2 the chat that each asks for, $3 how many participants each wants or null for all; a row for each question,
 * in their order. The participants come with the creator first, then in order of joining. undefined: there is no such
 * user. Null: no participant of such a chat.
 */
export const findChats: Statement<ChatGetColumns, ChatWithParticipantsRow | null | undefined> = {
  name: 'chat_find',
  text: `
    select "user".id is not null, ${CHAT_COLUMNS}, ${participantsJson('question.participants')}, ${messageColumns('m')}
    from unnest(${idList('$1')}, ${idList('$2')}, ${idList('$3')})
      with ordinality as question (user_id, chat_id, participants, n)
    left join lateral (select id from public."user" where id = question.user_id offset 0) "user" on true
    left join lateral (
      select * from public.chat_participant
      where chat_id = question.chat_id and user_id = question.user_id
      offset 0
    ) mine on true
    left join lateral (select * from public.chat where id = mine.chat_id offset 0) chat on true
    left join lateral (select id, username from public."user" where id = ${peerId('question.user_id')} offset 0) peer on true
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
