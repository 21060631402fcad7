import type { Owner } from './round-robin.js';
import { SecondBudget } from './second-budget.js';
import type { Logger } from './logger.js';

type SecurityEvent =
  | 'password_changed'
  | 'password_reset_requested'
  | 'password_reset'
  | 'email_change_requested'
  | 'user_erased'
  | 'refresh_token_reused'
  | 'registered'
  | 'login_succeeded'
  | 'login_failed'
  | 'access_refused'
  | 'limit_reached'
  | 'second_factor_asked'
  | 'recovery_code_used'
  | 'two_factor_on'
  | 'two_factor_off';

interface SecurityDetails {
  /** The client's address. */
  readonly address: string;
  /** The account it is about; undefined: none, or none that exists. */
  readonly account_id?: Owner | undefined;
  /** Why, as a code or a few words. */
  readonly reason?: string;
  readonly reqId?: string;
  /** What was asked for: the method and the pattern of the path, without what a client has filled in. */
  readonly operation?: string;
}

const LEVELS: Record<SecurityEvent, 'info' | 'warn'> = {
  registered: 'info',
  password_changed: 'info',
  password_reset_requested: 'info',
  password_reset: 'info',
  email_change_requested: 'info',
  user_erased: 'info',
  refresh_token_reused: 'warn',
  login_succeeded: 'info',
  login_failed: 'warn',
  access_refused: 'warn',
  limit_reached: 'warn',
  second_factor_asked: 'info',
  recovery_code_used: 'warn',
  two_factor_on: 'info',
  two_factor_off: 'warn',
};

/** Lines for alerts, each with the field `security`; so many a second of each event, and then their number. */
export class SecurityLog {
  readonly #log: Logger;
  readonly #lines: SecondBudget<SecurityEvent>;

  constructor(log: Logger, perSecond: number) {
    this.#log = log;
    this.#lines = new SecondBudget(perSecond, (more) => {
      this.#log.warn({ security: 'more', more }, 'more security events');
    });
  }

  record(event: SecurityEvent, details: SecurityDetails): void {
    const level = LEVELS[event];
    if (!this.#log.isLevelEnabled(level) || !this.#lines.take(event)) return;
    this.#log[level]({ security: event, ...details }, event.replaceAll('_', ' '));
  }
}
