import type { ChainableCommander } from 'ioredis';
import type { PresenceRegistry } from '../../realtime/index.js';
import { PRESENCE_EXPIRY_MS } from '../cluster.js';
import type { RedisConnections } from './redis-connections.js';

/** One request carries so many. */
const MAX_PIPELINE = 1000;

/**
 * Keeps a sorted set in Redis for each user: the nodes that have them, by when that expires. An entry lasts half a minute,
 * so entries of a killed node expire by themselves.
 */
export class RedisPresence implements PresenceRegistry {
  readonly #redis: RedisConnections;
  readonly #node: string;

  /** @param node a name that no other process has. */
  constructor(redis: RedisConnections, node: string) {
    this.#redis = redis;
    this.#node = node;
  }

  async arrived(userIds: readonly number[]): Promise<void> {
    const expiry = Date.now() + PRESENCE_EXPIRY_MS;
    await this.#pipelined(userIds, (pipeline, key) => {
      pipeline.zadd(key, expiry, this.#node).pexpire(key, PRESENCE_EXPIRY_MS);
    });
  }

  async left(userId: number): Promise<void> {
    await this.#redis.client.zrem(this.#key(userId), this.#node);
  }

  async online(userIds: readonly number[]): Promise<ReadonlySet<number>> {
    const now = Date.now();
    const counts = await this.#pipelined(userIds, (pipeline, key) => {
      pipeline.zcount(key, now, '+inf');
    });
    return new Set(userIds.filter((_id, index) => Number(counts[index]) > 0));
  }

  #key(userId: number): string {
    return `${this.#redis.prefix}presence:${userId}`;
  }

  /** @returns the answers. @throws when one of them is an error. */
  async #pipelined(
    userIds: readonly number[],
    command: (pipeline: ChainableCommander, key: string) => void,
  ): Promise<unknown[]> {
    const answers: unknown[] = [];
    for (let start = 0; start < userIds.length; start += MAX_PIPELINE) {
      const pipeline = this.#redis.client.pipeline();
      for (const id of userIds.slice(start, start + MAX_PIPELINE)) command(pipeline, this.#key(id));
      for (const [error, answer] of (await pipeline.exec()) ?? []) {
        if (error) throw error;
        answers.push(answer);
      }
    }
    return answers;
  }
}
