import { addToOffset, readOffset, type ClockOffset } from '../shared/moved-date.js';
import { realNow } from './real-time.js';

/** Times that JavaScript has: https://tc39.es/ecma262/#sec-time-values-and-time-range */
const MAX_TIME = 8.64e15;

/** The clock of one messenger: of its server and of its database, and of nothing else in the process of the test. */
export class TestClock {
  readonly #offset: ClockOffset;
  readonly #wake: () => Promise<unknown>;

  /**
   * @param offset of the threads that have this clock.
   * @param wake has the server do what is due.
   */
  constructor(offset: ClockOffset, wake: () => Promise<unknown>) {
    this.#offset = offset;
    this.#wake = wake;
  }

  /** The time by this clock, in ms since 1970. */
  now(): number {
    return realNow() + readOffset(this.#offset);
  }

  /**
   * Moves the clock forward. Tokens, codes, sessions and limits that end in this time have ended then, and work of the server
   * whose time has come begins.
   * @throws RangeError for what is no whole number of ms, or goes back.
   */
  async advance(ms: number): Promise<void> {
    if (!Number.isSafeInteger(ms) || ms < 0 || this.now() + ms > MAX_TIME) {
      throw new RangeError(`A clock goes forward by a whole number of ms, and not by ${ms}.`);
    }
    addToOffset(this.#offset, ms);
    await this.#wake();
  }
}
