import type { RateLimiterAbstract } from 'rate-limiter-flexible';
import type { Owner } from './round-robin.js';

/** How often each owner may do something. */
export interface RateLimit {
  /** Counts one, or as many as there are points. @throws TOO_MANY_REQUESTS when that is too many. */
  consume(owner: Owner, points?: number): Promise<void>;
  /** @throws TOO_MANY_REQUESTS when more than there is has been asked for before. */
  check(owner: Owner): Promise<void>;
  /** Takes one back. */
  refund(owner: Owner): Promise<void>;
}

type LimitName =
  | 'credentials'
  | 'loginFailures'
  | 'accountFailures'
  | 'attackedAccount'
  | 'codeFailures'
  | 'confirmationMails'
  | 'resetMails'
  | 'secondFactorFailures'
  | 'secondFactorFailuresOfDay'
  | 'secondFactorBeginnings'
  | 'requests'
  | 'sends'
  | 'chats'
  | 'people'
  | 'searches'
  | 'reports';

export type RateLimits = Readonly<Record<LimitName, RateLimit>>;

export interface LimiterOptions {
  /** No other limit has it. */
  readonly name: string;
  /** How many an owner may consume in `seconds`. */
  readonly points: number;
  readonly seconds: number;
}

/** Counts for one limit; consume rejects with a RateLimiterRes when there are too many. */
export type Limiter = Pick<RateLimiterAbstract, 'consume' | 'reward'>;

export type CreateLimiter = (options: LimiterOptions) => Limiter;
