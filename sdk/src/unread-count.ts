import type { MessageRange } from './message-range.js';
import type { HeldChat } from './held.js';
import type { Replica } from './replica.js';
import type { Message } from './wire.js';

/** The server counts no further. */
export const MOST_UNREAD = 1000;

/** Whether a message is one of those that are counted. */
export function counts({ userId }: Replica, { author_id, silent, thread_id }: Message): boolean {
  return author_id !== userId && !silent && !thread_id;
}

/** Whether a message is one of those that are counted, and names the user. */
export function names(replica: Replica, { own_role }: HeldChat, message: Message | undefined): number {
  const mentions = message?.mentions;
  return mentions &&
    counts(replica, message) &&
    (mentions.all || mentions.roles.includes(own_role) || mentions.user_ids.includes(replica.userId ?? 0))
    ? 1
    : 0;
}

/** How many messages of others come after the mark; undefined: not all of them are held. @param naming the chat, to count only those that name the user. */
export function countUnread(
  replica: Replica,
  range: MessageRange,
  mark: number | null,
  naming?: HeldChat,
): number | undefined {
  const from = mark ?? 0;
  let count = 0;
  for (const message of range.log.backwards()) {
    if (message.id <= from || count === MOST_UNREAD) return count;
    if (naming ? names(replica, naming, message) : counts(replica, message)) count++;
  }
  return range.floor <= from + 1 ? count : undefined;
}

/** What a chat says when it is read up to there. @param otherwise what is unread, where not all of it is held. */
export function readTo(
  replica: Replica,
  chat: HeldChat,
  mark: number | null,
  otherwise: Pick<HeldChat, 'unread_count' | 'unread_mentions'>,
): Pick<HeldChat, 'last_read_message_id' | 'unread_count' | 'unread_mentions'> {
  const count = (naming?: HeldChat) => countUnread(replica, replica.range(chat.id), mark, naming);
  return {
    last_read_message_id: mark,
    unread_count: count() ?? otherwise.unread_count,
    unread_mentions: count(chat) ?? otherwise.unread_mentions,
  };
}
