import type { Identity } from '../../shared/credential.js';
import { Counts } from '../../shared/counts.js';
import { CLOSE, type Close } from '../protocol/close-codes.js';

/** A connection, of whichever kind. */
export interface OpenConnection {
  readonly kind: 'socket' | 'stream';
  readonly state: string;
  /** 0: nobody has authenticated on it yet. */
  readonly userId: number;
  readonly identity: Identity | undefined;
  readonly waitingBytes: number;
  tick(now: number): void;
  close(close: Close): void;
}

/** However few connections may be open, a network may have so many on which nobody has authenticated yet. */
const MIN_UNKNOWN_OF_NETWORK = 50;

/**
 * The open connections of a node. A network has at most half of them. Those on which nobody has authenticated yet make
 * room for newer ones, beginning with the network that has most of them: who authenticates at once always gets in.
 */
export class OpenConnections {
  readonly #max: number;
  readonly #networks = new Map<OpenConnection, string>();
  readonly #countOf = new Counts<string>();
  /** On which nobody has authenticated when it was last looked, by network; the oldest first. */
  readonly #unknown = new Map<string, Set<OpenConnection>>();

  /** @param max how many may be open at once. */
  constructor(max: number) {
    this.#max = max;
  }

  get size(): number {
    return this.#networks.size;
  }

  /** @returns how many there are of each kind and state. */
  countByState(): (readonly [{ kind: string; state: string }, number])[] {
    const counts = new Counts<string>();
    const labels = new Map<string, { kind: string; state: string }>();
    for (const { kind, state } of this) {
      const key = `${kind} ${state}`;
      counts.add(key);
      labels.set(key, { kind, state });
    }
    return [...labels].map(([key, label]) => [label, counts.of(key)]);
  }

  [Symbol.iterator](): MapIterator<OpenConnection> {
    return this.#networks.keys();
  }

  /** @param network '' for a Unix socket, which has none. */
  hasRoomFor(network: string): boolean {
    const hasShare = network === '' || this.#countOf.of(network) < Math.ceil(this.#max / 2);
    return this.size < this.#max && hasShare;
  }

  add(connection: OpenConnection, network: string, isKnown: boolean): void {
    this.#networks.set(connection, network);
    this.#countOf.add(network);
    if (!isKnown) this.#addUnknown(connection, network);
  }

  delete(connection: OpenConnection): void {
    const network = this.#networks.get(connection);
    if (network === undefined) return;
    this.#networks.delete(connection);
    this.#countOf.remove(network);
    this.#forgetUnknown(connection, network);
  }

  tick(now: number): void {
    for (const connection of this) connection.tick(now);
    this.#forgetKnown();
  }

  #addUnknown(connection: OpenConnection, network: string): void {
    const ofNetwork = this.#unknown.get(network) ?? new Set();
    this.#unknown.set(network, ofNetwork.add(connection));
    const maxOfNetwork = Math.max(MIN_UNKNOWN_OF_NETWORK, Math.ceil(this.#max / 100));
    if (ofNetwork.size > maxOfNetwork) this.#closeOldest(network);
    else if (this.#countUnknown() > Math.max(maxOfNetwork, this.#max / 10)) this.#closeOldest(this.#largestUnknown());
  }

  #closeOldest(network: string): void {
    this.#forgetKnown();
    const [oldest] = this.#unknown.get(network) ?? [];
    if (!oldest) return;
    this.#forgetUnknown(oldest, network);
    oldest.close(CLOSE.notAuthenticated);
  }

  #countUnknown(): number {
    let count = 0;
    for (const { size } of this.#unknown.values()) count += size;
    return count;
  }

  #largestUnknown(): string {
    const [largest] = [...this.#unknown].sort(([, one], [, other]) => other.size - one.size);
    return largest?.[0] ?? '';
  }

  #forgetKnown(): void {
    for (const [network, connections] of this.#unknown) {
      for (const connection of connections) if (connection.userId !== 0) this.#forgetUnknown(connection, network);
    }
  }

  #forgetUnknown(connection: OpenConnection, network: string): void {
    const ofNetwork = this.#unknown.get(network);
    if (!ofNetwork?.delete(connection)) return;
    if (ofNetwork.size === 0) this.#unknown.delete(network);
  }
}
