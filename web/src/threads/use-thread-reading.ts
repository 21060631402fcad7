import type { MessengerClient } from 'messenger-client';
import { useCallback, useEffect, useRef } from 'preact/hooks';
import { threadMarkOf } from './thread-state.js';

const GATHER_MS = 250;

/** Says up to which message of a thread one has read, for those who follow it. */
export function useThreadReading(client: MessengerClient, rootId: number): (messageId: number) => void {
  const seen = useRef(0);
  const told = useRef(0);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const tell = useCallback(() => {
    clearTimeout(timer.current);
    timer.current = undefined;
    const mark = threadMarkOf(client.own.getSnapshot(), rootId);
    const message_id = seen.current;
    if (mark === undefined || message_id <= Math.max(mark, told.current)) return;
    told.current = message_id;
    const path = { message_id: rootId };
    client.ask('PUT', '/message/{message_id}/thread/read', { path, body: { message_id } }).catch(() => {
      // Without a network: what is seen next tells it, or the next connection.
      told.current = 0;
    });
  }, [client, rootId]);
  const tellSoon = useCallback(() => {
    timer.current ??= setTimeout(tell, GATHER_MS);
  }, [tell]);
  useEffect(() => {
    // Who begins to follow has seen what they see, and so has who comes back.
    const ends = [client.own.subscribe(tellSoon), client.connection.subscribe(tellSoon)];
    return () => {
      for (const end of ends) end();
      if (timer.current !== undefined) tell();
    };
  }, [client, tell, tellSoon]);
  return useCallback(
    (messageId) => {
      seen.current = Math.max(seen.current, messageId);
      tellSoon();
    },
    [tellSoon],
  );
}
