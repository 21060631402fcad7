import type { ShownChat, ThreadState } from 'messenger-client';
import { useClient } from '../app/account-context.js';
import { useView } from '../app/use-view.js';

function isFollowed(own: object): own is ThreadState {
  return 'following' in own && own.following === true;
}

/** Whether the user follows threads, and a text that changes when what is unread in them may have. */
export function useFollowed(): { readonly isAny: boolean; readonly change: string } {
  const client = useClient();
  const { chats, archived } = useView(client.chats);
  const followed = Object.values(useView(client.own) ?? {}).filter(isFollowed);
  const ids = new Set(followed.map(({ thread_id }) => thread_id));
  const newest = (list: readonly ShownChat[]) =>
    list.map(({ last }) => (ids.has(last?.thread_id ?? 0) ? (last?.id ?? 0) : 0));
  const marks = followed.map(({ thread_id, last_read_message_id }) => `${thread_id}:${last_read_message_id}`);
  const latest = Math.max(0, ...newest(chats), ...newest(archived));
  return { isAny: followed.length > 0, change: [latest, ...marks].join() };
}
