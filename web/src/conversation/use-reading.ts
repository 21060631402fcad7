import type { ChatHandle } from 'messenger-client';
import { useCallback, useEffect, useRef } from 'preact/hooks';

/** Of many messages in a row the server is told once. */
const GATHER_MS = 250;

/** Says up to which message one has read: not each one alone, and none while the page is out of sight. */
export function useReading(chat: ChatHandle): (messageId: number) => void {
  const seen = useRef(0);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const tell = useCallback(() => {
    clearTimeout(timer.current);
    timer.current = undefined;
    const info = chat.info.getSnapshot();
    if (info?.marked_unread || seen.current > (info?.last_read_message_id ?? 0)) chat.markRead(seen.current);
  }, [chat]);
  // Who leaves has read what they saw.
  useEffect(
    () => () => {
      if (timer.current !== undefined) tell();
    },
    [tell],
  );
  return useCallback(
    (messageId) => {
      seen.current = Math.max(seen.current, messageId);
      timer.current ??= setTimeout(tell, GATHER_MS);
    },
    [tell],
  );
}
