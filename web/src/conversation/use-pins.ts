import type { Message, MessengerClient, ShownChat } from 'messenger-client';
import { useEffect, useRef, useState } from 'preact/hooks';

/** Many changes may come one after the other. */
const PAUSE_MS = 300;

/** The pinned messages of a chat, the newest pin first. They are asked for anew when something but a new message has come. */
export function usePins(client: MessengerClient, { id: chatId, pts, last }: ShownChat): readonly Message[] {
  const [pins, setPins] = useState<readonly Message[]>([]);
  const seen = useRef<number | undefined>(undefined);
  const lastId = last?.id ?? 0;
  useEffect(() => {
    const isNewMessage = seen.current !== undefined && seen.current < lastId;
    seen.current = lastId;
    if (isNewMessage) return;
    let isOver = false;
    const load = () =>
      client.ask('GET', '/chat/{chat_id}/pins', { path: { chat_id: chatId }, query: {} }).then(
        ({ messages }) => {
          if (!isOver) setPins(messages);
        },
        // Without a network those stay that are there.
        () => undefined,
      );
    const timer = setTimeout(() => void load(), PAUSE_MS);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [client, chatId, pts]);
  return pins;
}
