import { setTimeout as sleep } from 'node:timers/promises';
import { Cluster } from 'ioredis';
import { EncodedEvent, type Broker, type BrokerListener, type Channel } from '../../realtime/index.js';
import type { Logger } from '../../shared/logger.js';
import { SUBSCRIPTION_PATIENCE_MS } from '../cluster.js';
import type { RedisConnections } from './redis-connections.js';

const RETRY_MS = 1000;

/** Over pub/sub; on a Redis cluster over sharded pub/sub, which stays on the shard of the channel. */
export class RedisBroker implements Broker {
  readonly #client: RedisConnections['client'];
  readonly #subscriber: RedisConnections['subscriber'];
  readonly #prefix: string;
  readonly #log: Logger;
  #listener: BrokerListener | undefined;
  #wasReady: boolean;
  /** Subscriptions that Redis has not confirmed yet, and whether a caller gave up waiting for one. */
  #pending = 0;
  #isLate = false;
  /** What is to be heard, and when it is. */
  readonly #wanted = new Map<Channel, Promise<void>>();

  constructor({ client, subscriber, prefix }: RedisConnections, log: Logger) {
    this.#client = client;
    this.#subscriber = subscriber;
    this.#prefix = prefix;
    this.#log = log;
    this.#wasReady = subscriber.status === 'ready';
    subscriber.on('message', this.#receive);
    subscriber.on('smessage', this.#receive);
    // The client subscribes anew by itself before it says that it is ready; a cluster's says so of its nodes as well.
    for (const event of ['ready', 'subscribersReady']) {
      subscriber.on(event, () => {
        if (this.#wasReady) this.#returned();
        this.#wasReady = true;
      });
    }
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
    // Without Redis the listeners on this node still get the event. The reconciler brings it to the other nodes.
    published.catch(() => this.#listener?.receive(channel, event));
  }

  async subscribe(channels: readonly Channel[]): Promise<void> {
    // A cluster's client keeps a list of all that it was ever asked for, repetitions included.
    const fresh = channels.filter((channel) => !this.#wanted.has(channel));
    if (fresh.length > 0) this.#begin(fresh);
    const subscribed = Promise.all(channels.flatMap((channel) => this.#wanted.get(channel) ?? []));
    // While Redis is away callers don't wait for it.
    const patienceMs = this.#subscriber.status === 'ready' ? SUBSCRIPTION_PATIENCE_MS : 0;
    if (await Promise.race([subscribed.then(() => true), sleep(patienceMs, false, { ref: false })])) return;
    this.#isLate = true;
    if (this.#pending === 0) this.#returned();
  }

  #begin(channels: readonly Channel[]): void {
    this.#pending++;
    const subscribed = Promise.resolve().then(async () => {
      // It leaves out subscriptions that are no longer wanted, or that another subscription has replaced.
      await this.#subscribeAtLast(() => channels.filter((channel) => this.#wanted.get(channel) === subscribed));
      this.#pending--;
      if (this.#pending === 0 && this.#isLate) this.#returned();
    });
    for (const channel of channels) this.#wanted.set(channel, subscribed);
  }

  /** A listener that did not wait for the subscriptions of now may have missed something. */
  #returned(): void {
    this.#isLate = this.#pending > 0;
    if (!this.#isLate) this.#listener?.brokerReturned();
  }

  async #subscribeAtLast(wanted: () => Channel[]): Promise<void> {
    for (;;) {
      try {
        await this.#subscribe(wanted());
        return;
      } catch {
        // The node of a cluster that has the channel is being replaced.
        if (this.#subscriber.status === 'end') return;
        await sleep(RETRY_MS, undefined, { ref: false });
      }
    }
  }

  async #subscribe(channels: readonly Channel[]): Promise<void> {
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
    for (const channel of channels) this.#wanted.delete(channel);
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
