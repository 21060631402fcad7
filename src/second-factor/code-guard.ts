import type { RateLimit } from '../shared/rate-limit.js';
import { isOneTimeCode } from './one-time-code.js';
import { wrongCode } from './second-factor.errors.js';

interface CodeLimits {
  /** Wrong codes of an account within minutes. */
  readonly secondFactorFailures: RateLimit;
  /** The same within a day. */
  readonly secondFactorFailuresOfDay: RateLimit;
}

interface Guess {
  readonly userId: number;
  readonly network: string;
  readonly code: string;
}

/**
 * Bounds the guesses at a user's codes. Only who has given the password, or a token, gets here: nobody else can use up the tries. The six
 * digits of an app have a few for the whole account, wherever they come from. Recovery codes, which nobody can guess, have those of
 * each network, so that they still work when the others are used up.
 */
export class CodeGuard {
  readonly #limits: CodeLimits;

  constructor(limits: CodeLimits) {
    this.#limits = limits;
  }

  /**
   * @param attempt says what comes of the code; undefined: it was wrong. It is counted before it is known, or a hundred guesses
   *   at once would all pass.
   * @throws WRONG_CODE, TOO_MANY_REQUESTS.
   */
  async try<T>({ userId, network, code }: Guess, attempt: () => Promise<T | undefined>): Promise<T> {
    const { secondFactorFailures, secondFactorFailuresOfDay } = this.#limits;
    const owner = isOneTimeCode(code) ? `codes ${userId}` : `recovery codes ${userId} ${network}`;
    await secondFactorFailures.consume(owner);
    await secondFactorFailuresOfDay.consume(owner);
    const result = await attempt();
    if (result === undefined) throw wrongCode();
    await Promise.all([secondFactorFailures.refund(owner), secondFactorFailuresOfDay.refund(owner)]);
    return result;
  }
}
