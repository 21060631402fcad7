import { Cluster, Redis } from 'ioredis';
import type { Logger } from './logger.js';

/** How long a request waits for Redis before it goes on without. */
const COMMAND_TIMEOUT_MS = 500;
const MAX_RECONNECT_DELAY_MS = 1000;
/** A connection at whose other end nobody is any more says nothing: one that only listens has to ask. */
const PING_MS = 5000;
/** A server that has not answered for so long is gone. */
const SILENCE_MS = 5000;

type RedisClient = Redis | Cluster;

interface RedisSettings {
  /** One, or several nodes of a cluster. */
  readonly urls: readonly string[];
  readonly cluster: boolean;
  /** Before every key and channel, so that installations can share a Redis. */
  readonly prefix: string;
}

export interface RedisConnections {
  readonly client: RedisClient;
  /** A connection that subscribes can do nothing else. */
  readonly subscriber: RedisClient;
  readonly prefix: string;
  close(): void;
}

/** Both connections are made again for as long as it takes; without them the server goes on. */
export function connectRedis(settings: RedisSettings, log: Logger): RedisConnections {
  // What a request waits for fails soon. A subscription waits until it is there.
  const client = connect(settings, {
    commandTimeout: COMMAND_TIMEOUT_MS,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    enableAutoPipelining: true,
  });
  const subscriber = connect(settings, { maxRetriesPerRequest: null });
  sayWhetherThere({ client, subscriber }, log);
  const pinging = setInterval(() => {
    for (const connection of [client, subscriber]) {
      // What becomes of it is seen by whether the connection ends.
      if (connection.status === 'ready') connection.ping().catch(() => undefined);
    }
  }, PING_MS).unref();
  return {
    client,
    subscriber,
    prefix: settings.prefix,
    close() {
      clearInterval(pinging);
      client.disconnect();
      subscriber.disconnect();
    },
  };
}

/** A line when it goes and one when it is back, not one for each try. */
function sayWhetherThere(connections: Record<string, RedisClient>, log: Logger): void {
  for (const [connection, client] of Object.entries(connections)) {
    let away = false;
    client.on('error', ({ message }: Error) => {
      // Not the error itself, which holds the command that failed, and of AUTH the password.
      if (!away) log.warn({ connection, reason: message }, 'Redis is away; trying on');
      away = true;
    });
    client.on('ready', () => {
      if (away) log.info({ connection }, 'Redis is back');
      away = false;
    });
  }
}

interface Patience {
  readonly commandTimeout?: number;
  readonly maxRetriesPerRequest: number | null;
  readonly enableOfflineQueue?: boolean;
  readonly enableAutoPipelining?: boolean;
}

function connect({ urls, cluster }: RedisSettings, options: Patience): RedisClient {
  const retryStrategy = (times: number) => Math.min(times * 50, MAX_RECONNECT_DELAY_MS);
  if (!cluster) return new Redis(urls[0] ?? '', { ...options, socketTimeout: SILENCE_MS, retryStrategy });
  const { enableOfflineQueue = true, enableAutoPipelining = false, ...redisOptions } = options;
  return new Cluster([...urls], {
    redisOptions: { ...redisOptions, socketTimeout: SILENCE_MS },
    enableOfflineQueue,
    enableAutoPipelining,
    clusterRetryStrategy: retryStrategy,
    shardedSubscribers: true,
  });
}
