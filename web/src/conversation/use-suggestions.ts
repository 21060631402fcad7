import type { ShownChat, ShortUser } from 'messenger-client';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useAccount } from '../app/account-context.js';
import { useView } from '../app/use-view.js';
import type { Nameable } from './mentions.js';

/** One doesn't ask for each letter. */
const PAUSE_MS = 120;
const MOST = 6;

/** The members whose names begin as what is being written after an @, and all who have been found so far. */
export function useSuggestions(chat: ShownChat | undefined, begun: string | undefined) {
  const { client, userId } = useAccount();
  const people = useView(client.people);
  const found = useRef(new Map<number, Nameable>());
  const [shown, setShown] = useState<{ readonly begun: string; readonly users: readonly ShortUser[] }>();
  const chatId = chat?.id;
  useEffect(() => {
    if (begun === undefined || chatId === undefined) return;
    let isCurrent = true;
    const path = { chat_id: chatId };
    const query = begun === '' ? { limit: MOST + 1 } : { name: begun, limit: MOST + 1 };
    const timer = setTimeout(() => {
      client.ask('GET', '/chat/{chat_id}/participants', { path, query }).then(
        ({ participants }) => {
          const users = participants.filter(({ id }) => String(id) !== userId).slice(0, MOST);
          for (const user of users) found.current.set(user.id, user);
          if (isCurrent) setShown({ begun, users });
        },
        // Without a network one writes on, and nobody is suggested.
        () => undefined,
      );
    }, PAUSE_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [client, chatId, begun]);
  const known = () => {
    const members = [...(chat?.participants ?? []), chat?.peer?.id ?? 0].flatMap((id) =>
      id ? (people.get(id) ?? []) : [],
    );
    return [...members, ...found.current.values()].filter(({ id }) => String(id) !== userId);
  };
  return { users: begun !== undefined && shown?.begun === begun ? shown.users : [], known };
}
