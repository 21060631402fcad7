import { Counts } from './counts.js';
import { tooManyRequests } from './errors.js';
import type { RateLimit } from './rate-limit.js';

export interface LoginLimits {
  /** For a network and account. */
  readonly loginFailures: RateLimit;
  /** For an account, from everywhere. */
  readonly accountFailures: RateLimit;
  /** For a network and account while the account is under attack. */
  readonly attackedAccount: RateLimit;
}

/** How many logins of a network to one account may wait for their turn: a fifth of what the network may have waiting. */
const MAX_PENDING = 20;

/**
 * Bounds the guesses at an account's password. A network that fails too often is refused. When failures from everywhere
 * are too many, the account is under attack: each network then has only a few tries. It always has those, so that nobody
 * can lock the owner out.
 */
export class LoginGuard {
  readonly #limits: LoginLimits;
  readonly #pending = new Counts<string>();

  constructor(limits: LoginLimits) {
    this.#limits = limits;
  }

  /**
   * @param attempt says whether the password was right. It is counted before it is known, or a hundred guesses at once
   *   would all pass.
   * @throws TOO_MANY_REQUESTS
   */
  async try<T>(network: string, account: string, attempt: () => Promise<T | undefined>): Promise<T | undefined> {
    const both = `${network} ${account}`;
    if (this.#pending.of(both) >= MAX_PENDING) throw tooManyRequests({ retryAfterSeconds: 1 });
    this.#pending.add(both);
    try {
      const counted = await this.#count(both, account);
      const result = await attempt();
      if (result !== undefined) await Promise.all(counted.map(([limit, owner]) => limit.refund(owner)));
      return result;
    } finally {
      this.#pending.remove(both);
    }
  }

  /** @returns what has been counted. */
  async #count(both: string, account: string): Promise<[RateLimit, string][]> {
    const { loginFailures, accountFailures, attackedAccount } = this.#limits;
    await loginFailures.consume(both);
    try {
      await accountFailures.consume(account);
      return [
        [loginFailures, both],
        [accountFailures, account],
      ];
    } catch {
      await attackedAccount.consume(both);
      return [
        [loginFailures, both],
        [attackedAccount, both],
      ];
    }
  }
}
