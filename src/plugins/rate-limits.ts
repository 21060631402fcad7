import fp from 'fastify-plugin';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible';
import { tooManyRequests } from '../shared/errors.js';
import type { RedisConnections } from '../shared/redis.js';

const MINUTE_SECONDS = 60;
const LOGIN_FAILURE_WINDOW_SECONDS = 15 * MINUTE_SECONDS;

interface RateLimitOptions {
  /** Requests to register or log in, a minute and address; 0 for no limit. */
  readonly credentials: number;
  /** Wrong passwords, in 15 minutes, for an address and account; 0 for no limit. */
  readonly loginFailures: number;
  /** Where the processes of a cluster count together; undefined: this process counts alone. */
  readonly redis: RedisConnections | undefined;
}

export interface RateLimit {
  /** Counts one. @throws TOO_MANY_REQUESTS when that is one too many. */
  consume(key: string): Promise<void>;
  /** Takes one back. */
  refund(key: string): Promise<void>;
}

declare module 'fastify' {
  interface FastifyInstance {
    rateLimits: { readonly credentials: RateLimit; readonly loginFailures: RateLimit };
  }
}

export const rateLimits = fp<RateLimitOptions>(
  (app, { credentials, loginFailures, redis }, done) => {
    app.decorate('rateLimits', {
      credentials: createLimit('credentials', credentials, MINUTE_SECONDS, redis),
      loginFailures: createLimit('login_failures', loginFailures, LOGIN_FAILURE_WINDOW_SECONDS, redis),
    });
    done();
  },
  { name: 'rate-limits' },
);

function createLimit(name: string, points: number, duration: number, redis: RedisConnections | undefined): RateLimit {
  if (points === 0) return { consume: () => Promise.resolve(), refund: () => Promise.resolve() };
  const options = { keyPrefix: `${redis?.prefix ?? ''}rate_limit:${name}`, points, duration };
  const memory = new RateLimiterMemory(options);
  // While Redis is away each process counts alone: a limit that is too generous is better than no login at all.
  const limiter: RateLimiterAbstract = redis
    ? new RateLimiterRedis({
        ...options,
        storeClient: redis.client,
        insuranceLimiter: memory,
        rejectIfRedisNotReady: true,
      })
    : memory;

  return {
    async consume(key) {
      try {
        await limiter.consume(key);
      } catch (refused) {
        throw refused instanceof RateLimiterRes ? exceeded(refused) : refused;
      }
    },
    async refund(key) {
      await limiter.reward(key);
    },
  };
}

function exceeded({ msBeforeNext }: RateLimiterRes) {
  return tooManyRequests({ retryAfterSeconds: Math.max(1, Math.ceil(msBeforeNext / 1000)) });
}
