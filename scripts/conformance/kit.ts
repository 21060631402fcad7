import { join } from 'node:path';
import pLimit, { type LimitFunction } from 'p-limit';
import { Breach, NotKept } from './breach.js';
import type { OptionalField } from './optional-fields.js';
import type { Rule } from './rule.js';
import { TestServer } from './server.js';
import { Stage, type StageOptions } from './stage.js';

export interface Outcome {
  readonly rule: Rule;
  readonly result: 'held' | 'broken' | 'not kept';
  /** What was broken, or is not kept. */
  readonly reason: string;
  readonly ms: number;
  /** What the client has reported that it need not. */
  readonly optionalFields: readonly OptionalField[];
}

export interface RunOptions extends StageOptions {
  readonly rules: readonly Rule[];
  readonly onOutcome?: (outcome: Outcome) => void;
}

/** Rules that take long wait most of the time: so many times more of them are played at once. */
const LONG_AT_ONCE = 3;

/** The servers on which rules are played: one that goes on and on, and one that is killed and restored. */
export class Kit {
  readonly #steady: TestServer;
  readonly #shaken: TestServer;
  readonly #short: LimitFunction;
  readonly #long: LimitFunction;
  readonly #shaking = pLimit(1);

  private constructor(steady: TestServer, shaken: TestServer, atOnce: number) {
    this.#steady = steady;
    this.#shaken = shaken;
    this.#short = pLimit(atOnce);
    this.#long = pLimit(atOnce * LONG_AT_ONCE);
  }

  /**
   * @param folder an empty one, for the databases.
   * @param atOnce how many rules are played at once.
   */
  static async start(folder: string, atOnce: number): Promise<Kit> {
    const [steady, shaken] = await Promise.all(
      ['steady', 'shaken'].map((name) => TestServer.start(join(folder, name))),
    );
    if (!steady || !shaken) throw new Error('There are two servers.');
    return new Kit(steady, shaken, atOnce);
  }

  async stop(): Promise<void> {
    await Promise.all([this.#steady.kill(), this.#shaken.kill()]);
  }

  /** Plays the rules with a client each. @returns the outcomes, in the order of the rules. */
  async run({ rules, onOutcome, ...options }: RunOptions): Promise<Outcome[]> {
    return Promise.all(
      rules.map(async (rule) => {
        const outcome = await this.#limitOf(rule)(() => this.#play(rule, options));
        onOutcome?.(outcome);
        return outcome;
      }),
    );
  }

  #limitOf({ shakesServer, isLong }: Rule): LimitFunction {
    if (shakesServer) return this.#shaking;
    return isLong ? this.#long : this.#short;
  }

  async #play(rule: Rule, options: StageOptions): Promise<Outcome> {
    const startedAt = performance.now();
    const server = rule.shakesServer ? this.#shaken : this.#steady;
    const stage = await Stage.open(options, server);
    const end = (result: Outcome['result'], reason = ''): Outcome => {
      const ms = performance.now() - startedAt;
      return { rule, result, reason, ms, optionalFields: stage.optionalFields };
    };
    try {
      await rule.play(stage);
      return end('held');
    } catch (error) {
      if (error instanceof NotKept) return end('not kept', error.message);
      if (error instanceof Breach) return end('broken', error.message);
      throw error;
    } finally {
      stage.close();
    }
  }
}
