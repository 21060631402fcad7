import type { Topic } from './topic.js';

/** Something to show that changes: `useSyncExternalStore(view.subscribe, view.getSnapshot)` in React, the same by hand elsewhere. */
export interface View<T> {
  /** Calls the listener when something has changed. @returns what ends the subscription. */
  readonly subscribe: (listener: () => void) => () => void;
  /** How it is now: the same reference until something has changed. */
  readonly getSnapshot: () => T;
}

/** Listeners are called once for all that happens in one turn of the event loop. */
const waiting = new Set<() => void>();

function flush(): void {
  const notices = [...waiting];
  waiting.clear();
  for (const notify of notices) notify();
}

function schedule(notify: () => void): void {
  if (waiting.size === 0) queueMicrotask(flush);
  waiting.add(notify);
}

/**
 * A view that is made of topics: it is computed when somebody asks, and only when one of them has changed.
 * @param onWatched is called when the first listener comes. What it gives is called when the last one has gone.
 */
export function viewOf<T>(
  topics: readonly Topic[],
  compute: (previous: T | undefined) => T,
  onWatched?: () => () => void,
): View<T> {
  const listeners = new Set<() => void>();
  let version = -1;
  let snapshot: T;
  let told: T;
  let end: (() => void)[] = [];

  const getSnapshot = (): T => {
    const now = topics.reduce((sum, topic) => sum + topic.version, 0);
    if (now !== version) {
      snapshot = compute(version < 0 ? undefined : snapshot);
      version = now;
    }
    return snapshot;
  };
  const notify = () => {
    if (getSnapshot() === told) return;
    told = snapshot;
    for (const listener of [...listeners]) listener();
  };
  const changed = () => {
    schedule(notify);
  };
  const subscribe = (listener: () => void) => {
    // Of its own: the same function may subscribe twice.
    const own = () => {
      listener();
    };
    listeners.add(own);
    if (listeners.size === 1) {
      told = getSnapshot();
      end = topics.map((topic) => topic.watch(changed));
      if (onWatched) end.push(onWatched());
    }
    return () => {
      if (!listeners.delete(own) || listeners.size > 0) return;
      for (const each of end) each();
      end = [];
    };
  };
  return { subscribe, getSnapshot };
}
