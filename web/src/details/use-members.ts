import type { ShownChat } from 'messenger-client';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { useClient } from '../app/account-context.js';
import { useView } from '../app/use-view.js';

const PAGE = 50;
/** As many as the server gives at once. */
const MOST = 500;
/** One doesn't ask for each letter. */
const SEARCH_MS = 200;
/** While much happens in the chat nobody is asked for again. */
const QUIET_MS = 1000;

type Client = ReturnType<typeof useClient>;
export type Member = Awaited<ReturnType<typeof readPage>>['participants'][number];

function readPage(client: Client, chatId: number, name: string, limit: number, cursor?: string) {
  const query = { limit, ...(name !== '' && { name }), ...(cursor !== undefined && { cursor }) };
  return client.ask('GET', '/chat/{chat_id}/participants', { path: { chat_id: chatId }, query });
}

interface Found {
  readonly name: string;
  readonly members: readonly Member[];
  /** Where the next page begins; null: these are all. */
  readonly next: string | null;
}

/** Members of a group with their roles, which the client's copy has not, or those whose names begin so: a page at a time. */
export function useMembers(info: ShownChat, name: string) {
  const client = useClient();
  const { state } = useView(client.connection);
  const [found, setFound] = useState<Found>();
  const [error, setError] = useState<unknown>();
  const latest = useRef(found);
  latest.current = found;
  const wanted = useRef(name);
  wanted.current = name;
  const show = (now: Found) => {
    latest.current = now;
    setFound(now);
  };
  /** How many reads of the whole list have begun. */
  const reads = useRef(0);
  const underWay = useRef(0);

  const refresh = useCallback(async () => {
    const read = ++reads.current;
    const name = wanted.current;
    const known = latest.current?.name === name ? latest.current.members.length : 0;
    underWay.current++;
    try {
      const page = await readPage(client, info.id, name, Math.min(MOST, Math.max(PAGE, known)));
      // A later one has more, or newer ones.
      if (read === reads.current) show({ name, members: page.participants, next: page.has_more ? page.next : null });
    } finally {
      underWay.current--;
    }
  }, [client, info.id]);

  const showMore = async () => {
    const from = latest.current;
    if (typeof from?.next !== 'string') return;
    const before = reads.current;
    const isOvertaken = underWay.current > 0;
    const page = await readPage(client, info.id, from.name, PAGE, from.next);
    // Somebody else is searched for now.
    if (wanted.current !== from.name) return;
    const members = [...from.members, ...page.participants];
    show({ name: from.name, members, next: page.has_more ? page.next : null });
    // What was read meanwhile is newer, or is about fewer.
    if (isOvertaken || reads.current !== before) await refresh();
  };

  // Whatever happens in the chat may be about its people.
  const change = name === '' ? info.pts : 0;
  useEffect(() => {
    if (state !== 'online') return;
    let isCurrent = true;
    const isSearch = latest.current?.name !== name;
    const pause = latest.current === undefined ? 0 : isSearch ? SEARCH_MS : QUIET_MS;
    const timer = setTimeout(() => {
      refresh().then(
        () => isCurrent && setError(undefined),
        (failure: unknown) => isCurrent && setError(failure),
      );
    }, pause);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [refresh, state, change, name]);

  return { members: found?.members, hasMore: typeof found?.next === 'string', error, refresh, showMore };
}
