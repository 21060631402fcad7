import { openDB } from 'idb';
import type { Store } from '../store.js';
import { IndexedDbAccount } from './indexeddb-account.js';
import { upgrade, VERSION, type Schema } from './schema.js';

export interface IndexedDbOptions {
  /** The beginning of the databases' names; each account has a database of its own. */
  readonly name?: string;
}

/** Keeps what a client has in the browser, so that it is there without a network and after a reload. */
export function indexedDbStore({ name = 'messenger' }: IndexedDbOptions = {}): Store {
  return async (account) => {
    const database = await openDB<Schema>(`${name}: ${account}`, VERSION, {
      upgrade,
      // A newer version of the page is open beside this one: it comes first.
      blocking: (_old, _new, event) => {
        (event.target as IDBDatabase).close();
      },
    });
    return new IndexedDbAccount(database);
  };
}
