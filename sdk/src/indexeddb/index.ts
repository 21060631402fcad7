/**
 * A store in the browser, for reloads and for times without a network.
 * @module messenger-client/indexeddb
 */
import { openDB } from 'idb';
import type { Store } from '../store.js';
import { IndexedDbAccount } from './indexeddb-account.js';
import { shareTabs } from './share-tabs.js';
import { upgrade, VERSION, type Schema } from './schema.js';

/** How the store is kept. */
export interface IndexedDbOptions {
  /** The beginning of the databases' names; each account has a database of its own. */
  readonly name?: string;
}

/** Keeps what a client has in the browser, so that it is there without a network and after a reload. */
export function indexedDbStore({ name = 'messenger' }: IndexedDbOptions = {}): Store {
  const open = async (account: string) => {
    const database = await openDB<Schema>(`${name}: ${account}`, VERSION, {
      upgrade,
      // A newer version of the page is open beside this one: it comes first.
      blocking: (_old, _new, event) => {
        (event.target as IDBDatabase).close();
      },
    });
    return new IndexedDbAccount(database);
  };
  // Without locks each tab is on its own, and the store should be used in one of them.
  const canShare =
    'locks' in ((globalThis.navigator as object | undefined) ?? {}) && typeof BroadcastChannel === 'function';
  return Object.assign(open, { share: canShare ? shareTabs(name) : undefined });
}
