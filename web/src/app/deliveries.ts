import type { MessengerClient } from 'messenger-client';
import { reportDelivered } from 'messenger-client/receipts';
import { useEffect } from 'preact/hooks';

/** Says what has been received: in one of the tabs, where the browser can tell which. */
export function useDeliveries(client: MessengerClient): void {
  useEffect(() => {
    const ended = new AbortController();
    const report = () => {
      const stop = reportDelivered(client);
      return new Promise<void>((resolve) => {
        ended.signal.addEventListener('abort', () => {
          stop();
          resolve();
        });
      });
    };
    // The one that waits for the lock has its turn when the tab before it is closed.
    if ('locks' in navigator)
      void navigator.locks.request('deliveries', { signal: ended.signal }, report).catch(() => undefined);
    else void report();
    return () => ended.abort();
  }, [client]);
}
