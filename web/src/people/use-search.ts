import type { ShortUser } from 'messenger-client';
import { useEffect, useState } from 'preact/hooks';
import { useClient } from '../app/account-context.js';

/** One doesn't ask for each letter of a word that is being typed. */
const PAUSE_MS = 180;

interface Found {
  readonly text: string;
  readonly users: readonly ShortUser[];
}

/** People by what is being typed. */
export function useSearch(text: string) {
  const client = useClient();
  const wanted = text.trim();
  const [found, setFound] = useState<Found>({ text: '', users: [] });
  const [error, setError] = useState<unknown>();
  useEffect(() => {
    setError(undefined);
    if (wanted === '') return;
    let isCurrent = true;
    const timer = setTimeout(() => {
      client.ask('GET', '/user/search', { query: { q: wanted, limit: 20 } }).then(
        ({ users }) => isCurrent && setFound({ text: wanted, users }),
        (failure: unknown) => isCurrent && setError(failure),
      );
    }, PAUSE_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [client, wanted]);
  return { users: wanted === '' ? [] : found.users, isDone: wanted !== '' && found.text === wanted, error };
}
