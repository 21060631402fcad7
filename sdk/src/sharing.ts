import type { Connector } from './connector.js';
import type { Ephemera } from './ephemera.js';
import type { Keeper } from './keeper.js';
import type { Loader } from './loader.js';
import type { Outbox } from './outbox.js';
import type { Session } from './session.js';
import type { PresenceWatch } from './views/presence-watch.js';

/** What a client is made of, for those who share it between tabs. */
interface ClientParts {
  readonly keeper: Keeper;
  readonly loader: Loader;
  readonly outbox: Outbox;
  readonly ephemera: Ephemera;
  readonly presence: PresenceWatch;
  readonly connector: Connector;
  readonly signOut: () => void;
}

/** A client that shares one connection, and one store, with the clients of other tabs. */
export interface Shared {
  /** These do their work in the tab that has the connection. */
  readonly loader: Loader;
  readonly outbox: Outbox;
  readonly session: Pick<Session, 'tell'>;
  /**
   * @param opened settles when this tab has read what is in the store.
   * @param lead is called when this tab is the one to connect.
   */
  readonly join: (account: string, opened: Promise<void>, lead: () => void) => void;
  readonly leave: () => void;
  /** All tabs forget the user. */
  readonly signOut: () => void;
}

export type Share = (parts: ClientParts) => Shared;
