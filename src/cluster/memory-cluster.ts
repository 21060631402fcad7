import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { Broker, BrokerListener, Channel, EncodedEvent, PresenceRegistry } from '../realtime/index.js';
import type { LimiterOptions } from '../shared/rate-limit.js';
import type { Cluster } from './cluster.js';

/** For a server of one process. */
export function memoryCluster(): Cluster {
  return {
    broker: new MemoryBroker(),
    presence: new MemoryPresence(),
    createLimiter: memoryLimiter,
    isConnected: true,
    close: () => Promise.resolve(),
  };
}

export function memoryLimiter({ name, points, seconds }: LimiterOptions): RateLimiterMemory {
  return new RateLimiterMemory({ keyPrefix: name, points, duration: seconds });
}

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

export class MemoryPresence implements PresenceRegistry {
  readonly #online = new Set<number>();

  arrived(userIds: readonly number[]): Promise<void> {
    for (const id of userIds) this.#online.add(id);
    return Promise.resolve();
  }

  left(userId: number): Promise<void> {
    this.#online.delete(userId);
    return Promise.resolve();
  }

  online(userIds: readonly number[]): Promise<ReadonlySet<number>> {
    return Promise.resolve(new Set(userIds.filter((id) => this.#online.has(id))));
  }
}
