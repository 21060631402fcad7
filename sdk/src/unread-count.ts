import type { MessageRange } from './message-range.js';
import type { HeldChat } from './held.js';
import type { Message } from './wire.js';

/** The server counts no further. */
export const MOST_UNREAD = 1000;

/** Whether a message is one of those that are counted. */
export function counts({ author_id, silent, thread_id }: Message, me: number | undefined): boolean {
  return author_id !== me && !silent && !thread_id;
}

/** Whether a message is one of those that are counted, and names the user. */
export function names({ own_role }: HeldChat, message: Message | undefined, me: number | undefined): number {
  const mentions = message?.mentions;
  return mentions &&
    counts(message, me) &&
    (mentions.all || mentions.roles.includes(own_role) || mentions.user_ids.includes(me ?? 0))
    ? 1
    : 0;
}

/** How many messages of others come after the mark; undefined: not all of them are held. @param naming the chat, to count only those that name the user. */
export function countUnread(
  range: MessageRange,
  mark: number | null,
  me: number | undefined,
  naming?: HeldChat,
): number | undefined {
  const from = mark ?? 0;
  let count = 0;
  for (const message of range.log.backwards()) {
    if (message.id <= from || count === MOST_UNREAD) return count;
    if (naming ? names(naming, message, me) : counts(message, me)) count++;
  }
  return range.floor <= from + 1 ? count : undefined;
}
