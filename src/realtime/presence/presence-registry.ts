import type { ChainableCommander } from 'ioredis';
import type { RedisConnections } from '../../shared/redis.js';

/** Who has a connection, on any node. */
export interface PresenceRegistry {
  /** Also again, and again, for as long as they are there. */
  arrived(userIds: readonly number[]): Promise<void>;
  left(userId: number): Promise<void>;
  online(userIds: readonly number[]): Promise<ReadonlySet<number>>;
}

/** Of a server of one process. */
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

/** A node that dies takes its users with it, this much later. */
const EXPIRY_MS = 30_000;
/** One request carries so many. */
const MAX_PIPELINE = 1000;

/**
 * Of several nodes: for each user a sorted set in Redis of the nodes that have them, by when that expires. What a node says
 * is good for half a minute, so that nobody has to clean up after one that was killed.
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
    const expiry = Date.now() + EXPIRY_MS;
    await this.#pipelined(userIds, (pipeline, key) => {
      pipeline.zadd(key, expiry, this.#node).pexpire(key, EXPIRY_MS);
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
