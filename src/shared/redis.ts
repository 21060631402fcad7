import { Redis } from 'ioredis';
import type { Logger } from './logger.js';

/** How long a request waits for Redis before it goes on without. */
const COMMAND_TIMEOUT_MS = 500;

export function createRedis(url: string, log: Logger): Redis {
  const redis = new Redis(url, {
    commandTimeout: COMMAND_TIMEOUT_MS,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
  });
  // The error itself holds the command that failed, and of AUTH the password.
  redis.on('error', ({ message }: Error) => {
    log.warn({ reason: message }, 'Redis is away');
  });
  return redis;
}
