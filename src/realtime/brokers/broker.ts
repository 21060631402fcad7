import type { EncodedEvent } from '../protocol/event.js';

/**
 * `chat:<id>`: what happens in a chat. `user:<id>`: what is only for a user, such as that a chat is new to them.
 * `presence:<id>`: the user has come or gone.
 */
export type Channel = `${'chat' | 'user' | 'presence'}:${number}`;

/** What a broker tells the node. */
export interface BrokerListener {
  receive(channel: Channel, event: EncodedEvent): void;
  /** It had been away, and events may have been lost. */
  brokerReturned(): void;
}

/** Carries events to all nodes that listen, this one included, and keeps the order of each channel as far as it can. */
export interface Broker {
  listen(listener: BrokerListener): void;
  publish(channel: Channel, event: EncodedEvent): void;
  /**
   * Settles when everything that is published from now on comes. It never fails: where that takes too long it settles
   * before, and brokerReturned tells when it is so.
   */
  subscribe(channels: readonly Channel[]): Promise<void>;
  unsubscribe(channels: readonly Channel[]): void;
}
