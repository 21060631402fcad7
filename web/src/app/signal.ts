import type { View } from 'messenger-client';

export interface Signal<T> extends View<T> {
  readonly set: (value: T) => void;
}

/** A value of the page that components follow as they follow the views of the client. */
export function signal<T>(first: T): Signal<T> {
  let value = first;
  const listeners = new Set<() => void>();
  return {
    getSnapshot: () => value,
    set: (next) => {
      if (next === value) return;
      value = next;
      for (const listener of [...listeners]) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
