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

type SeenMessageColumns = [n: number, id: number, chatId: number, authorId: number, threadId: number | null];

/** $1 users, $2 a message for each; the number of the pair, from 1, and the message, for each pair in which the user may see it. */
export const findSeenMessages: Statement<SeenMessageColumns, { readonly n: number; readonly message: OwnedMessage }> = {
  name: 'message_find_seen',
  text: `
    select asked.n, message.id, message.chat_id, message.author_id, message.thread_id
    from unnest(${idList('$1')}, ${idList('$2')}) with ordinality as asked (user_id, message_id, n)
    cross join lateral (
      select id, chat_id, author_id, thread_id, shadowed from public.message
      where id = asked.message_id and ${isThere('message')}
      offset 0
    ) message
    cross join lateral (
      select user_id, history_from_id from public.chat_participant
      where chat_id = message.chat_id and user_id = asked.user_id
      offset 0
    ) mine
    where ${maySee('mine', 'message')}`,
  row: ([n, id, chat_id, author_id, thread_id]) => ({ n, message: { id, chat_id, author_id, thread_id } }),
};
