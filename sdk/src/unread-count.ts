import type { MessageRange } from './message-range.js';
import type { Message } from './wire.js';

/** The server counts no further. */
export const MOST_UNREAD = 1000;

/** Whether a message is one of those that are counted. */
export function counts({ author_id, silent, thread_id }: Message, me: number | undefined): boolean {
  return author_id !== me && !silent && !thread_id;
}

/** How many messages of others come after the mark; undefined: not all of them are held. */
export function countUnread(range: MessageRange, mark: number | null, me: number | undefined): number | undefined {
  const from = mark ?? 0;
  let count = 0;
  for (const message of range.log.backwards()) {
    if (message.id <= from || count === MOST_UNREAD) return count;
    if (counts(message, me)) count++;
  }
  return range.floor <= from + 1 ? count : undefined;
}
