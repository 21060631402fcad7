import type { Step } from '../../../sdk/src/held.js';
import type { AccountStore, Store, Stored } from '../../../sdk/src/store.js';

export interface StoreWatcher {
  loaded(stored: Stored | undefined): void;
  written(steps: readonly Step[]): void;
}

/** The store of one client: what it writes is seen, until its page is closed. */
export function watchedStore(store: Store, watcher: StoreWatcher, page: AbortSignal): Store {
  return async (name) => {
    const account = await store(name);
    return {
      load: async () => {
        const stored = await account.load();
        watcher.loaded(stored);
        return stored;
      },
      older: (...args: Parameters<AccountStore['older']>) => account.older(...args),
      write: (steps: readonly Step[]) => {
        // Of a page that is closed nothing goes on.
        if (page.aborted) return new Promise<never>(() => undefined);
        watcher.written(steps);
        return account.write(steps);
      },
      clear: () => account.clear(),
      close: () => {
        account.close();
      },
    };
  };
}
