import { useCallback, useRef, useState } from 'preact/hooks';

/** What is done about the entries of a list, or chosen, and may fail: each after the one before. */
export function useTasks() {
  const [error, setError] = useState<unknown>();
  const last = useRef(Promise.resolve());
  const underWay = useRef(new Set<string>());
  /** @param name of what is not done twice when it is pressed twice; undefined: each counts. */
  const run = useCallback((name: string | undefined, task: () => Promise<unknown>) => {
    if (name !== undefined && underWay.current.has(name)) return;
    if (name !== undefined) underWay.current.add(name);
    setError(undefined);
    last.current = last.current
      .then(task)
      .catch(setError)
      .then(() => {
        if (name !== undefined) underWay.current.delete(name);
      });
  }, []);
  return { error, run };
}
