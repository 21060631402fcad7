import fp from 'fastify-plugin';
import { RateLimiterRes } from 'rate-limiter-flexible';
import { tooManyRequests } from '../shared/errors.js';
import { rateLimitedCount } from '../shared/metrics.js';
import type { Config } from '../config/index.js';
import type { CreateLimiter, LimiterOptions, RateLimit, RateLimits } from '../shared/rate-limit.js';
import type { Owner } from '../shared/round-robin.js';

const MINUTE_SECONDS = 60;
const HOUR_SECONDS = 60 * MINUTE_SECONDS;
const DAY_SECONDS = 24 * HOUR_SECONDS;
const LOGIN_SECONDS = 15 * MINUTE_SECONDS;

/** Wrong passwords on an account from everywhere, as a multiple of what one network may try, after which it is under attack. */
const ATTACK_FACTOR = 10;
/** While an account is under attack each network may try this share of what it may otherwise. */
const ATTACKED_SHARE = 1 / 20;

/** How many mails with a code a user may ask for, an hour: nobody needs more, and each goes to an address not yet confirmed. */
const CONFIRMATION_MAILS = 5;

/** How many mails for another password may be asked for an address, an hour. */
const RESET_MAILS = 5;
/** Wrong codes of a second factor, for an account. Three of a million codes count at any time, so these are no settings. */
const SECOND_FACTOR_FAILURES = 5;
const SECOND_FACTOR_FAILURES_OF_DAY = 30;
/** How often a user may report something, an hour: people look at each. */
const REPORTS = 60;
/** How often a user may begin to set up a second factor, an hour: turning it on and off sends mails. */
const SECOND_FACTOR_BEGINNINGS = 10;

declare module 'fastify' {
  interface FastifyInstance {
    rateLimits: RateLimits;
  }
}

interface RateLimitOptions {
  readonly limits: Config['rateLimits'];
  /** Counts for all nodes together. */
  readonly shared: CreateLimiter;
  /** Counts for this process alone. */
  readonly local: CreateLimiter;
}

export const rateLimits = fp<RateLimitOptions>(
  (app, { limits, shared, local }, done) => {
    const { credentials, loginFailures, requests, sends, chats, people, searches } = limits;
    const attackedAccount = loginFailures && Math.ceil(loginFailures * ATTACKED_SHARE);
    app.decorate('rateLimits', {
      credentials: createLimit(shared, { name: 'credentials', points: credentials, seconds: MINUTE_SECONDS }),
      loginFailures: createLimit(shared, { name: 'login_failures', points: loginFailures, seconds: LOGIN_SECONDS }),
      accountFailures: createLimit(shared, {
        name: 'account',
        points: loginFailures * ATTACK_FACTOR,
        seconds: LOGIN_SECONDS,
      }),
      attackedAccount: createLimit(shared, { name: 'attacked', points: attackedAccount, seconds: LOGIN_SECONDS }),
      // Wrong codes from mails, for a network.
      codeFailures: createLimit(shared, { name: 'code_failures', points: loginFailures, seconds: LOGIN_SECONDS }),
      confirmationMails: createLimit(shared, {
        name: 'confirmation_mails',
        points: CONFIRMATION_MAILS,
        seconds: HOUR_SECONDS,
      }),
      // For an address, whether anybody here has it or not.
      resetMails: createLimit(shared, { name: 'reset_mails', points: RESET_MAILS, seconds: HOUR_SECONDS }),
      secondFactorFailures: createLimit(shared, {
        name: 'second_factor_failures',
        points: SECOND_FACTOR_FAILURES,
        seconds: LOGIN_SECONDS,
      }),
      secondFactorFailuresOfDay: createLimit(shared, {
        name: 'second_factor_failures_of_day',
        points: SECOND_FACTOR_FAILURES_OF_DAY,
        seconds: DAY_SECONDS,
      }),
      secondFactorBeginnings: createLimit(shared, {
        name: 'second_factor_beginnings',
        points: SECOND_FACTOR_BEGINNINGS,
        seconds: HOUR_SECONDS,
      }),
      // Asking the other nodes would cost more than most requests do.
      requests: createLimit(local, { name: 'requests', points: requests, seconds: MINUTE_SECONDS }),
      sends: createLimit(local, { name: 'sends', points: sends, seconds: MINUTE_SECONDS }),
      searches: createLimit(local, { name: 'searches', points: searches, seconds: MINUTE_SECONDS }),
      chats: createLimit(shared, { name: 'chats', points: chats, seconds: HOUR_SECONDS }),
      reports: createLimit(shared, { name: 'reports', points: REPORTS, seconds: HOUR_SECONDS }),
      people: createLimit(shared, { name: 'people', points: people, seconds: HOUR_SECONDS }),
    });
    done();
  },
  { name: 'rate-limits' },
);

function createLimit(create: CreateLimiter, options: LimiterOptions): RateLimit {
  if (options.points === 0) {
    const unlimited = () => Promise.resolve();
    return { consume: unlimited, check: unlimited, refund: unlimited };
  }
  const limiter = create(options);
  const consume = async (owner: Owner, count = 1) => {
    try {
      await limiter.consume(owner, count);
    } catch (refused) {
      if (!(refused instanceof RateLimiterRes)) throw refused;
      rateLimitedCount.inc({ limit: options.name });
      throw exceeded(refused);
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
