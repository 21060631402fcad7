import { useEffect, useState } from 'preact/hooks';
import { useClient } from '../app/account-context.js';
import { useView } from '../app/use-view.js';
import { useFollowed } from './use-followed.js';

const MOST = 50;
/** Of many changes in a row the server is asked once. */
const GATHER_MS = 400;

/** How many of the threads that the user follows have something new. Only the server knows all of them. */
export function useUnreadThreads() {
  const client = useClient();
  const { state } = useView(client.connection);
  const { isAny, change } = useFollowed();
  const [found, setFound] = useState({ unread: 0, hasMore: false });

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
  }, [client, isAny, state, change]);
  return { isAny, ...found };
}
