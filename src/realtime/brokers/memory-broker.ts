import type { Broker, BrokerListener, Channel } from './broker.js';
import type { EncodedEvent } from '../protocol/event.js';

/** For a server of one process. */
export class MemoryBroker implements Broker {
  readonly #channels = new Set<Channel>();
  #listener: BrokerListener | undefined;

  listen(listener: BrokerListener): void {
    this.#listener = listener;
  }

  publish(channel: Channel, event: EncodedEvent): void {
    if (this.#channels.has(channel)) this.#listener?.receive(channel, event);
  }

  subscribe(channels: readonly Channel[]): Promise<void> {
    for (const channel of channels) this.#channels.add(channel);
    return Promise.resolve();
  }

  unsubscribe(channels: readonly Channel[]): void {
    for (const channel of channels) this.#channels.delete(channel);
  }
}
