import { Cluster, type Redis } from 'ioredis';
import type { Logger } from '../shared/logger.js';
import type { Broker, BrokerListener, Channel } from './broker.js';
import { EncodedEvent } from './event.js';

type Client = Redis | Cluster;

interface Connections {
  readonly client: Client;
  /** A connection of its own: one that subscribes can do nothing else. */
  readonly subscriber: Client;
  /** Before every channel, so that installations can share a Redis. */
  readonly prefix: string;
}

/** For several processes, over Redis or Valkey; on a cluster by sharded pub/sub, which stays on the node of the channel. */
export class RedisBroker implements Broker {
  readonly #client: Client;
  readonly #subscriber: Client;
  readonly #prefix: string;
  readonly #log: Logger;
  #listener: BrokerListener | undefined;
  #wasReady: boolean;

  constructor({ client, subscriber, prefix }: Connections, log: Logger) {
    this.#client = client;
    this.#subscriber = subscriber;
    this.#prefix = prefix;
    this.#log = log;
    this.#wasReady = subscriber.status === 'ready';
    subscriber.on('message', this.#receive);
    subscriber.on('smessage', this.#receive);
    // The client subscribes anew by itself before it says that it is ready.
    subscriber.on('ready', () => {
      if (this.#wasReady) this.#listener?.brokerReturned();
      this.#wasReady = true;
    });
  }

  readonly #receive = (channel: string, wire: string) => {
    this.#listener?.receive(channel.slice(this.#prefix.length) as Channel, EncodedEvent.fromWire(wire));
  };

  listen(listener: BrokerListener): void {
    this.#listener = listener;
  }

  publish(channel: Channel, event: EncodedEvent): void {
    const name = this.#prefix + channel;
    const wire = event.toWire();
    const published =
      this.#client instanceof Cluster ? this.#client.spublish(name, wire) : this.#client.publish(name, wire);
    // Those on this node need no Redis. The others hear of it by the healing.
    published.catch(() => this.#listener?.receive(channel, event));
  }

  async subscribe(channels: readonly Channel[]): Promise<void> {
    if (channels.length === 0) return;
    const names = channels.map((channel) => this.#prefix + channel);
    if (this.#subscriber instanceof Cluster) {
      const cluster = this.#subscriber;
      // Each may live on another node.
      await Promise.all(names.map((name) => cluster.ssubscribe(name)));
    } else {
      await this.#subscriber.subscribe(...names);
    }
  }

  unsubscribe(channels: readonly Channel[]): void {
    if (channels.length === 0) return;
    const names = channels.map((channel) => this.#prefix + channel);
    const cluster = this.#subscriber instanceof Cluster ? this.#subscriber : undefined;
    const done: Promise<unknown> = cluster
      ? Promise.all(names.map((name) => cluster.sunsubscribe(name)))
      : this.#subscriber.unsubscribe(...names);
    done.catch((error: unknown) => {
      this.#log.warn({ reason: (error as Error).message }, 'could not unsubscribe');
    });
  }
}
