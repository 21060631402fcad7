import { useCallback, useRef, useState } from 'preact/hooks';

/** Something that a control begins and that may fail: once at a time. */
export function useTask() {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const isRunning = useRef(false);
  const run = useCallback((task: () => Promise<unknown>) => {
    if (isRunning.current) return;
    isRunning.current = true;
    setBusy(true);
    setError(undefined);
    task()
      .catch(setError)
      .finally(() => {
        isRunning.current = false;
        setBusy(false);
      });
  }, []);
  return { isBusy, error, run };
}
