import type { ChatHandle } from 'messenger-client';
import { useMemo } from 'preact/hooks';
import type { ListedMessages } from '../conversation/listed-messages.js';
import { Replies } from './replies.js';

/** Which messages of a list are in threads. */
export function useReplies(chat: ChatHandle, list: ListedMessages): Replies {
  const replies = useMemo(() => new Replies(), [chat]);
  useMemo(() => replies.look(list), [replies, list]);
  return replies;
}
