import type { EncodedEvent } from './protocol/event.js';

/**
 * `chat:<id>`: what happens in a chat. `user:<id>`: what is only for a user, such as that a chat is new to them.
 * `presence:<id>`: the user has come or gone.
 */
export type Channel = `${'chat' | 'user' | 'presence'}:${number}`;

/** What a broker tells the node. */
export interface BrokerListener {
  receive(channel: Channel, event: EncodedEvent): void;
  /** The broker was away, and events may have been lost. */
  brokerReturned(): void;
}

/**
 * Carries events to every node that is subscribed to their channel, this one included, in the order in which one node
 * published them. It may lose events while it is away: the listeners on this node still get what this node publishes.
 */
export interface Broker {
  listen(listener: BrokerListener): void;
  /** Never waits and never fails. */
  publish(channel: Channel, event: EncodedEvent): void;
  /**
   * Resolves when every event published from now on is received. It never rejects: if the subscription takes more than a
   * second, it resolves early, and brokerReturned follows once the subscription is there.
   */
  subscribe(channels: readonly Channel[]): Promise<void>;
  unsubscribe(channels: readonly Channel[]): void;
}
