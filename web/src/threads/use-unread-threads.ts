import type { ShownChat, ThreadState } from 'messenger-client';
import { useEffect, useState } from 'preact/hooks';
import { useClient } from '../app/account-context.js';
import { useView } from '../app/use-view.js';

const MOST = 50;
/** Of many changes in a row the server is asked once. */
const GATHER_MS = 400;

function isFollowed(own: object): own is ThreadState {
  return 'following' in own && own.following === true;
}

/** How many of the threads that the user follows have something new. Only the server knows all of them. */
export function useUnreadThreads() {
  const client = useClient();
  const { chats, archived } = useView(client.chats);
  const { state } = useView(client.connection);
  const followed = Object.values(useView(client.own) ?? {}).filter(isFollowed);
  const [found, setFound] = useState({ unread: 0, hasMore: false });

  const ids = new Set(followed.map(({ thread_id }) => thread_id));
  const newest = (list: readonly ShownChat[]) =>
    list.map(({ last }) => (ids.has(last?.thread_id ?? 0) ? (last?.id ?? 0) : 0));
  const marks = followed.map(({ thread_id, last_read_message_id }) => `${thread_id}:${last_read_message_id}`).join();
  const latest = Math.max(0, ...newest(chats), ...newest(archived));
  const isAny = followed.length > 0;

  useEffect(() => {
    if (!isAny || state !== 'online') return;
    let isCurrent = true;
    const timer = setTimeout(() => {
      client.ask('GET', '/user/threads', { query: { unread: true, limit: MOST } }).then(
        ({ count, has_more }) => isCurrent && setFound({ unread: count, hasMore: has_more }),
        // It is asked again with the next change.
        () => undefined,
      );
    }, GATHER_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [client, isAny, state, marks, latest]);
  return { isAny, ...found };
}
