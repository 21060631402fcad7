import { randomUUID } from 'node:crypto';
import { RateLimiterRedis } from 'rate-limiter-flexible';
import type { Logger } from '../../shared/logger.js';
import type { LimiterOptions } from '../../shared/rate-limit.js';
import type { ClusterSettings } from '../../config/index.js';
import type { Cluster } from '../cluster.js';
import { memoryLimiter } from '../memory-cluster.js';
import { RedisBroker } from './redis-broker.js';
import { connectRedis, type RedisConnections } from './redis-connections.js';
import { RedisPresence } from './redis-presence.js';

/** Over Redis or Valkey: pub/sub, sorted sets and counters. */
export function redisCluster(settings: ClusterSettings, log: Logger): Cluster {
  const redis = connectRedis(settings, log);
  return {
    broker: new RedisBroker(redis, log),
    presence: new RedisPresence(redis, randomUUID()),
    createLimiter: (options) => redisLimiter(redis, options),
    get isConnected() {
      return redis.client.status === 'ready' && redis.subscriber.status === 'ready';
    },
    close() {
      redis.close();
      return Promise.resolve();
    },
  };
}

/** While Redis is away each node counts alone: a limit that is too generous is better than no login at all. */
function redisLimiter({ client, prefix }: RedisConnections, options: LimiterOptions): RateLimiterRedis {
  const { name, points, seconds } = options;
  return new RateLimiterRedis({
    keyPrefix: `${prefix}rate_limit:${name}`,
    points,
    duration: seconds,
    storeClient: client,
    insuranceLimiter: memoryLimiter(options),
    rejectIfRedisNotReady: true,
  });
}
