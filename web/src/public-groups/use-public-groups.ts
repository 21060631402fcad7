import type { MessengerClient } from 'messenger-client';
import { useEffect, useState } from 'preact/hooks';
import { useClient } from '../app/account-context.js';
import { useView } from '../app/use-view.js';

/** One doesn't ask for each letter of a word that is being typed. */
const PAUSE_MS = 180;
const PAGE = 30;

type Page = Awaited<ReturnType<typeof readPage>>;

function readPage(client: MessengerClient, q: string, cursor?: string) {
  const query = { limit: PAGE, ...(q !== '' && { q }), ...(cursor !== undefined && { cursor }) };
  return client.ask('GET', '/chats/public', { query });
}

interface Found extends Pick<Page, 'groups'> {
  readonly text: string;
  /** undefined: there are no more. */
  readonly next: string | undefined;
}

const nextOf = ({ has_more, next }: Page) => (has_more ? (next ?? undefined) : undefined);

/** Public groups by what is being typed; all of them while nothing is. */
export function usePublicGroups(text: string) {
  const client = useClient();
  const { state } = useView(client.connection);
  const wanted = text.trim();
  const [found, setFound] = useState<Found>();
  const [error, setError] = useState<unknown>();
  useEffect(() => {
    if (state !== 'online') return;
    let isCurrent = true;
    setError(undefined);
    const timer = setTimeout(
      () => {
        readPage(client, wanted).then(
          (page) => isCurrent && setFound({ text: wanted, groups: page.groups, next: nextOf(page) }),
          (failure: unknown) => isCurrent && setError(failure),
        );
      },
      wanted === '' ? 0 : PAUSE_MS,
    );
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [client, state, wanted]);

  const next = found?.next;
  const more =
    next === undefined
      ? undefined
      : async () => {
          const page = await readPage(client, wanted, next);
          // What has been typed meanwhile has a list of its own.
          setFound((before) =>
            before?.text === wanted && before.next === next
              ? { text: wanted, groups: [...before.groups, ...page.groups], next: nextOf(page) }
              : before,
          );
        };
  return { groups: found?.groups ?? [], isDone: found?.text === wanted, more, error };
}
