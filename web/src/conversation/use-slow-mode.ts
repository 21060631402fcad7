import type { MessengerClient, ShownChat } from 'messenger-client';
import { useEffect, useRef, useState } from 'preact/hooks';

const SECOND_MS = 1000;

/** In how many seconds the user may write again; 0: now. */
export function useSlowMode(client: MessengerClient, info: ShownChat | undefined, userId: string): number {
  const seconds = !info || info.own_rights.includes('slow_exempt') ? 0 : info.slow_mode_seconds;
  const chatId = info?.id;
  const [left, setLeft] = useState(0);
  const pause = useRef<{ readonly id: number; readonly until: number } | undefined>(undefined);
  useEffect(() => {
    if (seconds === 0 || chatId === undefined) {
      setLeft(0);
      return;
    }
    pause.current = undefined;
    const window = client.chat(chatId).messages();
    const look = () => {
      const list = window.getSnapshot();
      for (let place = list.length - 1; place >= 0; place--) {
        const message = list.at(place);
        if (typeof message?.id !== 'number' || String(message.author_id) !== userId) continue;
        if (message.id === pause.current?.id) break;
        // Never longer than the pause itself, whatever the clock of the device says.
        const until = Math.min(Date.now(), Date.parse(message.created_at)) + seconds * SECOND_MS;
        pause.current = { id: message.id, until };
        break;
      }
      setLeft(Math.max(0, Math.ceil(((pause.current?.until ?? 0) - Date.now()) / SECOND_MS)));
    };
    look();
    const end = window.subscribe(look);
    const timer = setInterval(look, SECOND_MS);
    return () => {
      end();
      clearInterval(timer);
    };
  }, [client, chatId, seconds, userId]);
  return left;
}
