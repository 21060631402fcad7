import { messageColumns, messageRow, type MessageColumns, type MessageRow, type NoMessageColumns } from './messages.js';
import { utc, type Statement } from './statement.js';

interface ChatRow {
  readonly id: number;
  readonly created_at: string;
  readonly updated_at: string;
  readonly name: string | null;
  readonly type: 'private' | 'group';
  readonly last_message: MessageRow | null;
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

type ChatColumns = [number, string, string, string | null, 'private' | 'group'];
type NoChatColumns = [null, null, null, null, null];

const CHAT_COLUMNS = `chat.id, ${utc('chat.created_at')}, ${utc('chat.updated_at')}, chat.name, chat.type`;

function chatRow(chat: ChatColumns, message: MessageColumns | NoMessageColumns): ChatRow {
  const [id, created_at, updated_at, name, type] = chat;
  return { id, created_at, updated_at, name, type, last_message: messageRow(message) };
}

type ChatListColumns = [...(ChatColumns | NoChatColumns), string, ...(MessageColumns | NoMessageColumns)];

/**
 * $1 the user, $2 the activity before which the page begins, in ms since 1970 or Infinity, $3 the number of chats.
 * More come when several were active at the very instant at which the page ends, so that a time is an exact cursor.
 * No row: there is no such user. Null: the page is empty.
 */
export const listChats: Statement<ChatListColumns, ChatListRow | null> = {
  name: 'chat_list',
  text: `
    select ${CHAT_COLUMNS}, ${utc('chat.last_activity_at')}, ${messageColumns('m')}
    from public."user"
    left join lateral (
      select chat.*
      from public.chat_participant p
      join public.chat on chat.id = p.chat_id
      where p.user_id = "user".id and chat.last_activity_at < to_timestamp($2::float8 / 1000)
      order by chat.last_activity_at desc
      fetch first ($3) rows with ties
    ) chat on true
    left join public.message m on m.id = chat.last_message_id
    where "user".id = $1
    order by chat.last_activity_at desc, chat.id desc`,
  row: ([id, created_at, updated_at, name, type, last_activity_at, ...message]) => {
    if (id === null) return null;
    const chat = [id, created_at, updated_at, name, type] as ChatColumns;
    return { chat: chatRow(chat, message), last_activity_at };
  },
};

type ChatGetColumns = [...(ChatColumns | NoChatColumns), ParticipantRow[], ...(MessageColumns | NoMessageColumns)];

/**
 * $1 the user, $2 the chat. The participants come with the creator first, then in order of joining.
 * No row: there is no such user. Null: no participant of such a chat.
 */
export const findChat: Statement<ChatGetColumns, ChatWithParticipantsRow | null> = {
  name: 'chat_find',
  text: `
    select ${CHAT_COLUMNS}, (
      select json_agg(
        json_build_object('id', member.id, 'username', member.username)
        order by p.user_id <> chat.creator_id, p.joined_order
      )
      from public.chat_participant p
      join public."user" member on member.id = p.user_id
      where p.chat_id = chat.id
    ), ${messageColumns('m')}
    from public."user"
    left join public.chat_participant mine on mine.user_id = "user".id and mine.chat_id = $2
    left join public.chat on chat.id = mine.chat_id
    left join public.message m on m.id = chat.last_message_id
    where "user".id = $1`,
  row: ([id, created_at, updated_at, name, type, participants, ...message]) => {
    if (id === null) return null;
    const chat = [id, created_at, updated_at, name, type] as ChatColumns;
    return { ...chatRow(chat, message), participants };
  },
};
