/**
 * Hooks, for React 18 and newer.
 * @module messenger-client/react
 */
import { useEffect, useMemo, useSyncExternalStore } from 'react';
import type {
  ChatHandle,
  ChatLists,
  ConnectionStatus,
  MessageList,
  MessengerClient,
  People,
  Presence,
  ShownChat,
  Unread,
  User,
  View,
} from '../index.js';

/** How a view is now; the component is drawn again when it changes. */
export function useView<T>(view: View<T>): T {
  return useSyncExternalStore(view.subscribe, view.getSnapshot, view.getSnapshot);
}

/** All chats, in their order. */
export function useChats(client: MessengerClient): ChatLists {
  return useView(client.chats);
}

/** One chat; undefined: there is no such chat, or it is not known yet. */
export function useChat(chat: ChatHandle): ShownChat | undefined {
  return useView(chat.info);
}

/** What `useMessages` gives. */
export interface Messages {
  readonly messages: MessageList;
  /** Adds older ones. */
  readonly loadOlder: (count?: number) => Promise<void>;
}

/** The newest messages of a chat, and what waits to be sent. */
export function useMessages(chat: ChatHandle, options: { readonly limit?: number } = {}): Messages {
  const { limit } = options;
  const window = useMemo(() => chat.messages(limit === undefined ? {} : { limit }), [chat, limit]);
  return { messages: useView(window), loadOlder: window.loadOlder };
}

/** Marks everything that is here as read, for as long as `isLooking`. */
export function useReading(chat: ChatHandle, isLooking = true): void {
  const unread = useChat(chat)?.unread_count;
  useEffect(() => {
    if (isLooking && unread !== undefined && unread > 0) chat.markRead();
  }, [chat, isLooking, unread]);
}

/** The ids of those who are writing in a chat. */
export function useTyping(chat: ChatHandle): readonly number[] {
  return useView(chat.typing);
}

/** What is unread in chats that are neither muted nor archived. */
export function useUnread(client: MessengerClient): Unread {
  return useView(client.unread);
}

/** Whether people are there. Other ids, and not only another array, are another question. */
export function usePresence(client: MessengerClient, userIds: readonly number[]): Presence {
  const ids = userIds.join();
  return useView(useMemo(() => client.presence(ids === '' ? [] : ids.split(',').map(Number)), [client, ids]));
}

/** Who is who. */
export function usePeople(client: MessengerClient): People {
  return useView(client.people);
}

/** The user themselves; undefined until they are known. */
export function useMe(client: MessengerClient): User | undefined {
  return useView(client.me);
}

/** Whether the client is connected. */
export function useConnection(client: MessengerClient): ConnectionStatus {
  return useView(client.connection);
}
