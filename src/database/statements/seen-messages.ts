import { isThere, maySee } from './chats.js';
import { idList, type Statement } from './statement.js';

/** What never changes of a message. */
export interface OwnedMessage {
  readonly id: number;
  readonly chat_id: number;
  readonly author_id: number;
  /** The message whose thread it is in. */
  readonly thread_id: number | null;
}

/** Who asks for which message. */
export interface MessageQuestion {
  readonly userId: number;
  readonly messageId: number;
}

type SeenMessageColumns = [id: number | null, chatId: number, authorId: number, threadId: number | null];

/** $1 users, $2 a message for each; a row for each pair, in their order. undefined: there is no such message that the user may see. */
export const findSeenMessages: Statement<SeenMessageColumns, OwnedMessage | undefined> = {
  name: 'message_find_seen',
  text: `
    select seen.id, seen.chat_id, seen.author_id, seen.thread_id
    from unnest(${idList('$1')}, ${idList('$2')}) with ordinality as asked (user_id, message_id, n)
    left join lateral (
      select message.*
      from (
        select id, chat_id, author_id, thread_id, shadowed from public.message
        where id = asked.message_id and ${isThere('message')}
        offset 0
      ) message
      cross join lateral (
        select user_id, history_from_id from public.chat_participant
        where chat_id = message.chat_id and user_id = asked.user_id
        offset 0
      ) mine
      where ${maySee('mine', 'message')}
    ) seen on true
    order by asked.n`,
  row: ([id, chat_id, author_id, thread_id]) => (id === null ? undefined : { id, chat_id, author_id, thread_id }),
};
