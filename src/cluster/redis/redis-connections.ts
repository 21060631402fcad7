import { Cluster, Redis } from 'ioredis';
import type { Logger } from '../../shared/logger.js';
import type { ClusterSettings } from '../../config/index.js';

/** How long a request waits for Redis before it goes on without. */
const COMMAND_TIMEOUT_MS = 500;
const MAX_RECONNECT_DELAY_MS = 1000;
/** A connection that only listens finds out by pings that the other end is gone. */
const PING_MS = 5000;
/** A server that has not answered for so long is gone. */
const SILENCE_MS = 5000;

type RedisClient = Redis | Cluster;

export interface RedisConnections {
  readonly client: RedisClient;
  /** A connection that subscribes can do nothing else. */
  readonly subscriber: RedisClient;
  readonly prefix: string;
  close(): void;
}

/** Both connections reconnect for as long as it takes; without them the server goes on. */
export function connectRedis(settings: ClusterSettings, log: Logger): RedisConnections {
  // Commands that a request waits for fail soon. Subscriptions wait for Redis.
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
      // A ping that gets no answer ends the connection, which is noticed elsewhere.
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

/** Logs a line when Redis goes and one when it is back, not one for each try. */
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

function connect({ urls, kind }: ClusterSettings, options: Patience): RedisClient {
  const retryStrategy = (times: number) => Math.min(times * 50, MAX_RECONNECT_DELAY_MS);
  if (kind === 'redis') return new Redis(urls[0] ?? '', { ...options, socketTimeout: SILENCE_MS, retryStrategy });
  const { enableOfflineQueue = true, enableAutoPipelining = false, ...redisOptions } = options;
  return new Cluster([...urls], {
    redisOptions: { ...redisOptions, socketTimeout: SILENCE_MS },
    enableOfflineQueue,
    enableAutoPipelining,
    clusterRetryStrategy: retryStrategy,
    shardedSubscribers: true,
  });
}
