import { setTimeout as sleep } from 'node:timers/promises';
import { EncodedEvent, type Broker, type BrokerListener, type Channel } from '../../realtime/index.js';
import { SUBSCRIPTION_PATIENCE_MS } from '../cluster.js';
import type { NatsLink } from './nats-link.js';

/** A channel is a subject. NATS keeps the order of what one node publishes, and loses what is published while it is away. */
export class NatsBroker implements Broker {
  readonly #link: NatsLink;
  #listener: BrokerListener | undefined;
  /** How many subscriptions were not waited for. */
  #late = 0;
  #isReturning = false;

  constructor(link: NatsLink) {
    this.#link = link;
    link.onConnected((isFirst) => {
      if (!isFirst || this.#late > 0) void this.#return();
    });
  }

  listen(listener: BrokerListener): void {
    this.#listener = listener;
  }

  publish(channel: Channel, event: EncodedEvent): void {
    // NATS does not return a node's own events, so its listeners wait neither for the network nor for NATS.
    if (this.#link.isSubscribed(channel)) this.#listener?.receive(channel, event);
    this.#link.publish(channel, event.toWire());
  }

  async subscribe(channels: readonly Channel[]): Promise<void> {
    for (const channel of channels)
      this.#link.subscribe(channel, (wire) => this.#listener?.receive(channel, EncodedEvent.fromWire(wire)));
    const patienceMs = this.#link.isConnected ? SUBSCRIPTION_PATIENCE_MS : 0;
    if (await Promise.race([this.#link.flushed(), sleep(patienceMs, false, { ref: false })])) return;
    this.#late++;
    // Without a connection the next one returns.
    if (this.#link.isConnected) void this.#return();
  }

  unsubscribe(channels: readonly Channel[]): void {
    for (const channel of channels) this.#link.unsubscribe(channel);
  }

  /** Tells the listener once every subscription is there, including those that were late. */
  async #return(): Promise<void> {
    if (this.#isReturning) return;
    this.#isReturning = true;
    let late;
    let isFlushed;
    do {
      late = this.#late;
      isFlushed = await this.#link.flushed();
    } while (isFlushed && late !== this.#late);
    this.#isReturning = false;
    if (!isFlushed) return;
    this.#late = 0;
    this.#listener?.brokerReturned();
  }
}
