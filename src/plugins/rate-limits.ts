import fp from 'fastify-plugin';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible';
import { tooManyRequests } from '../shared/errors.js';
import type { RateLimit, RateLimits } from '../shared/rate-limit.js';
import type { Owner } from '../shared/round-robin.js';
import type { RedisConnections } from '../shared/redis.js';

const MINUTE_SECONDS = 60;
const HOUR_SECONDS = 60 * MINUTE_SECONDS;
const LOGIN_FAILURE_WINDOW_SECONDS = 15 * MINUTE_SECONDS;

/** Wrong passwords on an account from everywhere, as a multiple of what one network may try, after which it is under attack. */
const ATTACK_FACTOR = 10;
/** While an account is under attack each network may try this share of what it may otherwise. */
const ATTACKED_SHARE = 1 / 20;

/** How much each may do; 0 for no limit. */
interface RateLimitSettings {
  /** Requests to register or log in, a minute and network. */
  readonly credentials: number;
  /** Wrong passwords, in 15 minutes, for a network and account. */
  readonly loginFailures: number;
  /** Requests and frames, a minute and user. */
  readonly requests: number;
  /** Messages sent, a minute and user. */
  readonly sends: number;
  /** Chats opened, an hour and user. */
  readonly chats: number;
  /** People added to chats, an hour and user. */
  readonly people: number;
}

declare module 'fastify' {
  interface FastifyInstance {
    rateLimits: RateLimits;
  }
}

interface RateLimitOptions {
  readonly limits: RateLimitSettings;
  /** Where the processes of a cluster count together; undefined: this process counts alone. */
  readonly redis: RedisConnections | undefined;
}

export const rateLimits = fp<RateLimitOptions>(
  (app, { limits, redis }, done) => {
    const { credentials, loginFailures, requests, sends, chats, people } = limits;
    const attackedAccount = loginFailures && Math.ceil(loginFailures * ATTACKED_SHARE);
    app.decorate('rateLimits', {
      credentials: createLimit('credentials', credentials, MINUTE_SECONDS, redis),
      loginFailures: createLimit('login_failures', loginFailures, LOGIN_FAILURE_WINDOW_SECONDS, redis),
      accountFailures: createLimit('account', loginFailures * ATTACK_FACTOR, LOGIN_FAILURE_WINDOW_SECONDS, redis),
      attackedAccount: createLimit('attacked', attackedAccount, LOGIN_FAILURE_WINDOW_SECONDS, redis),
      // To ask Redis would cost more than what most requests do: each process counts these alone.
      requests: createLimit('requests', requests, MINUTE_SECONDS, undefined),
      sends: createLimit('sends', sends, MINUTE_SECONDS, undefined),
      chats: createLimit('chats', chats, HOUR_SECONDS, redis),
      people: createLimit('people', people, HOUR_SECONDS, redis),
    });
    done();
  },
  { name: 'rate-limits' },
);

function createLimit(name: string, points: number, duration: number, redis: RedisConnections | undefined): RateLimit {
  if (points === 0) {
    const unlimited = () => Promise.resolve();
    return { consume: unlimited, check: unlimited, refund: unlimited };
  }
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

  const consume = async (owner: Owner, count = 1) => {
    try {
      await limiter.consume(owner, count);
    } catch (refused) {
      throw refused instanceof RateLimiterRes ? exceeded(refused) : refused;
    }
  };
  return {
    consume,
    check: (owner) => consume(owner, 0),
    async refund(owner) {
      await limiter.reward(owner);
    },
  };
}

function exceeded({ msBeforeNext }: RateLimiterRes) {
  return tooManyRequests({ retryAfterSeconds: Math.max(1, Math.ceil(msBeforeNext / 1000)) });
}
