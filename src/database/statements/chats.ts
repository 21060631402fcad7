import type { Projection, Reader } from '../projection.js';
import { peerId } from './private-key.js';
import { within, type Reach } from './reach.js';
import { idList, utc, type Statement } from './statement.js';
import type { PersonProjection, PersonRow } from './users.js';

/**
 * A chat as one of its participants sees it, of which the statements look at no more than its id. The projection's SQL is
 * about the tables chat; peer, the other person of a private chat; m, the last message; and mine, the participant's own row.
 */
export interface ChatRow {
  readonly id: number;
}

export type ChatProjection = Projection<ChatRow>;

export interface ChatListRow {
  readonly chat: ChatRow;
  /** The time by which the list is sorted. */
  readonly last_activity_at: string;
  /** Whether the chat has more than a plain list shows of it. */
  readonly isUnusual: boolean;
}

export interface ChatWithParticipantsRow extends ChatRow {
  readonly participants: readonly PersonRow[];
}

/** Beyond this nobody counts. */
const MAX_UNREAD = 1000;

/**
 * SQL for whether a participant may see the message: it is not older than what they see of the chat, and not sent in the shadow of
 * somebody else. @param mine their row of chat_participant.
 */
export function maySee(mine: string, message: string): string {
  return `(${message}.id >= coalesce(${mine}.history_from_id, 0) and (${message}.shadowed is null or ${message}.author_id = ${mine}.user_id))`;
}

/** SQL for the last message of a chat that a participant may see: in the shadow they have one that nobody else has. */
export function lastMessage(chat: string, mine: string): string {
  return `greatest(${chat}.last_message_id, ${mine}.shadow_message_id)`;
}

/** SQL for whether the time of a message has not come yet. It is deleted soon after. */
export function isThere(message: string): string {
  return `(${message}.expires_at is null or ${message}.expires_at > clock_timestamp())`;
}

/** SQL for whether a message is of others and after the reader's mark, not silent, and in no thread: threads have marks of their own. */
export function unreadMessages(chatId: string, userId: string, lastReadId: string): string {
  return `message.chat_id = ${chatId} and message.id > coalesce(${lastReadId}, 0) and message.author_id <> ${userId} and message.silent is null and message.thread_id is null and message.shadowed is null`;
}

/** SQL for whether the chat has a message after the mark. @param chat a row with the columns of the chat. */
export function mayHaveUnread(mine: string, chat: string): string {
  return `${chat}.last_message_id > coalesce(${mine}.last_read_message_id, 0)`;
}

/**
 * SQL for their number. Where the chat has no message after the mark, none is looked for.
 * @param mine their row of chat_participant. @param chat a row with the columns of the chat.
 */
export function unreadCount(mine: string, chat: string): string {
  return `case when ${mayHaveUnread(mine, chat)} then (
      select count(*)::int from (
        select from public.message
        where ${unreadMessages(`${mine}.chat_id`, `${mine}.user_id`, `${mine}.last_read_message_id`)}
        limit ${MAX_UNREAD}
      ) unread
    ) else 0 end`;
}

/** Who reads what is joined to `mine`. */
export const MINE: Reader = { id: 'mine.user_id', historyFrom: 'mine.history_from_id' };

/** SQL that joins to `mine` the other tables of a chat's projection. */
export const CHAT_OF_MINE = `
    left join lateral (select * from public.chat where id = mine.chat_id offset 0) chat on true
    left join lateral (select * from public."user" where id = ${peerId('mine.user_id')} offset 0) peer on true
    left join lateral (
      select * from public.message where id = ${lastMessage('chat', 'mine')} and ${maySee('mine', 'message')} and ${isThere('message')} offset 0
    ) m on true`;

/** SQL for so many of the people in a chat or, when that is null, all: the creator first, then in order of joining. */
function participantsJson(people: PersonProjection, count: string): string {
  return `(
      select coalesce(json_agg(
        ${people.json('member')}
        order by p.user_id <> chat.creator_id, p.joined_order
      ), '[]')
      from (
        -- Not one query that sorts: it would look at everybody.
        (
          select user_id, joined_order from public.chat_participant
          where chat_participant.chat_id = chat.id and user_id = chat.creator_id
          offset 0
        )
        union all
        (
          select user_id, joined_order from public.chat_participant
          where chat_participant.chat_id = chat.id and user_id <> chat.creator_id
          order by joined_order
          limit ${count}
        )
        limit ${count}
      ) p
      cross join lateral (select * from public."user" where id = p.user_id offset 0) member
    )`;
}

/** $1 the user, $2 the chat, $3 how many participants are named or null for all: as findChats, for inside of a transaction. */
export function chatAsJson(chats: ChatProjection, people: PersonProjection): string {
  return `
    select json_build_object(${chats.jsonFields('chat')}, 'participants', ${participantsJson(people, '$3::int8')}) as chat
    from public.chat_participant mine ${CHAT_OF_MINE}
    where mine.user_id = $1::int8 and mine.chat_id = $2::int8`;
}

/**
 * $1 the user, $2 the activity before which the page begins, in ms since 1970 or Infinity, $3 the number of chats, $4 whether
 * they are archived and $5 whether they are pinned, null for either; $6 some chats, of which alone they are.
 * More come when several were active at the very instant at which the page ends, so that a time is an exact cursor.
 * No row: there is no such user, or it is one for the other statement. Null: the page is empty.
 *
 * @param form 'plain' shows only what most chats have, and says which have more: see docs/adr/0039. 'shadowed' is for who has ever been in the
 *   shadow: their own messages there move chats up for them alone.
 *
 * They come in any order: sorting them once more, with all their columns, would be 6 % of the statement.
 *
 * Each of the user's chats is looked at. They come as an array, and the time as a query of its own, because a join and an
 * expression for each chat take a quarter longer.
 */
export function listChats(
  chats: ChatProjection,
  reach: Reach,
  form: 'plain' | 'whole' | 'shadowed',
): Statement<unknown[], ChatListRow | null> {
  const isShadowed = form === 'shadowed';
  const activeAt = isShadowed ? 'active_at' : 'last_activity_at';
  const ofUser = `public.chat_participant p
          where p.user_id = "user".id
            and ($4::bool is null or (p.archived_at is not null) = $4) and ($5::bool is null or (p.pinned_at is not null) = $5)${within(reach, 'p.chat_id', '$6')}`;
  const found = isShadowed
    ? `
      select chat.*, greatest(chat.last_activity_at, own.created_at) as active_at
      from (select chat_id, shadow_message_id from ${ofUser}
        ) p
      cross join lateral (select * from public.chat where id = p.chat_id offset 0) chat
      left join lateral (select created_at from public.message where id = p.shadow_message_id offset 0) own on true
      where greatest(chat.last_activity_at, own.created_at)`
    : `
      select * from public.chat
      where id = any (array(
          select p.chat_id from ${ofUser}
        ))
        and last_activity_at`;
  return {
    name: `chat_list${reach === 'all' ? '' : '_some'}${form === 'whole' ? '' : `_${form}`}`,
    text: `
    select ${utc(`chat.${activeAt}`)}, case when not (${chats.isPlain('chat')}) then true end,
      ${form === 'plain' ? chats.plainColumns('chat') : chats.columns('chat')}
    from public."user"
    left join lateral (${found} < (select to_timestamp($2::float8 / 1000))
      order by ${activeAt} desc
      fetch first ($3) rows with ties
    ) chat on true
    left join lateral (
      select * from public.chat_participant where chat_id = chat.id and user_id = "user".id offset 0
    ) mine on true
    left join lateral (select * from public."user" where id = ${peerId('mine.user_id')} offset 0) peer on true
    left join lateral (
      select * from public.message where id = ${lastMessage('chat', 'mine')} and ${maySee('mine', 'message')} and ${isThere('message')} offset 0
    ) m on true
    where "user".id = $1 and "user".erased_at is null${isShadowed ? '' : ' and "user".was_shadowed is null'}`,
    row: (columns) => {
      const chat = chats.row(columns, 2);
      return chat && { chat, last_activity_at: columns[0] as string, isUnusual: columns[1] === true };
    },
  };
}

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
export function findChats(
  chats: ChatProjection,
  people: PersonProjection,
): Statement<unknown[], ChatWithParticipantsRow | null | undefined> {
  return {
    name: 'chat_find',
    text: `
    select "user".id is not null, ${participantsJson(people, 'question.participants')}, ${chats.columns('chat')}
    from unnest(${idList('$1')}, ${idList('$2')}, ${idList('$3')})
      with ordinality as question (user_id, chat_id, participants, n)
    left join lateral (
      select id from public."user" where id = question.user_id and erased_at is null offset 0
    ) "user" on true
    left join lateral (
      select * from public.chat_participant
      where chat_id = question.chat_id and user_id = question.user_id
      offset 0
    ) mine on true ${CHAT_OF_MINE}
    order by question.n`,
    row: ([userExists, participants, ...columns]) => {
      if (!userExists) return undefined;
      const chat = chats.row(columns);
      return chat && { participants: participants as PersonRow[], ...chat };
    },
  };
}
