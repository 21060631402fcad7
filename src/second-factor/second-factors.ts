import { audit, type Actor } from '../audit/index.js';
import type { Transaction } from '../database/index.js';
import type { Logger } from '../shared/logger.js';
import { isOneTimeCode, makeSecret, stepOf } from './one-time-code.js';
import { hashOf, makeRecoveryCodes } from './recovery-codes.js';
import {
  deleteFactor,
  insertFactor,
  lockFactor,
  replaceRecoveryCodes,
  takeRecoveryCode,
  updateFactor,
} from './second-factor.queries.js';
import { SecretBox } from './secret-box.js';

/** What a code was. */
export type Proof = 'code' | 'recovery code';

/** The second factors of users: secrets, of which apps make codes, and recovery codes. All within the caller's transaction. */
export class SecondFactors {
  readonly #box: SecretBox;
  readonly #log: Logger;

  /** @param secrets of the server: the first encrypts what is kept, all of them decrypt it. */
  constructor(secrets: readonly string[], log: Logger) {
    this.#box = new SecretBox(secrets);
    this.#log = log;
  }

  /** Replaces the one that was begun before. @returns the secret. */
  async begin(tx: Transaction, userId: number): Promise<Uint8Array<ArrayBuffer>> {
    const secret = makeSecret();
    await insertFactor(tx, userId, this.#box.close(userId, secret));
    return secret;
  }

  /** Uses up a code of the app that the user has begun with. @returns whether it was good. */
  async confirm(tx: Transaction, userId: number, code: string): Promise<boolean> {
    const factor = await lockFactor(tx, userId);
    return factor !== undefined && !factor.isOn && (await this.#takeStep(tx, userId, factor, code));
  }

  /**
   * Uses up a code, or a recovery code, of a user whose second factor is on.
   * @param actor who gives it, for the audit log.
   * @returns undefined: it is not good, or no longer.
   */
  async accept(tx: Transaction, userId: number, code: string, actor: Actor): Promise<Proof | undefined> {
    const factor = await lockFactor(tx, userId);
    if (!factor?.isOn) return undefined;
    if (isOneTimeCode(code)) return (await this.#takeStep(tx, userId, factor, code)) ? 'code' : undefined;
    if (!(await takeRecoveryCode(tx, userId, hashOf(code)))) return undefined;
    await audit(tx, { actor, action: 'two_factor.recovery_code_used', userId });
    return 'recovery code';
  }

  /** In place of all that there were. @returns the codes, of which only hashes are kept. */
  async renewRecoveryCodes(tx: Transaction, userId: number): Promise<string[]> {
    const codes = makeRecoveryCodes();
    await replaceRecoveryCodes(tx, userId, codes.map(hashOf));
    return codes;
  }

  /** With its recovery codes. */
  async remove(tx: Transaction, userId: number): Promise<void> {
    await deleteFactor(tx, userId);
  }

  /** A code counts once, and none of an earlier step counts after it. */
  async #takeStep(
    tx: Transaction,
    userId: number,
    factor: NonNullable<Awaited<ReturnType<typeof lockFactor>>>,
    code: string,
  ): Promise<boolean> {
    const opened = this.#box.open(userId, factor.secret);
    if (!opened) {
      this.#log.error({ user_id: userId }, 'a secret was encrypted with neither JWT_SECRET nor JWT_SECRET_PREVIOUS');
      return false;
    }
    const step = stepOf(opened.secret, code);
    if (step === undefined || step <= factor.lastStep) return false;
    const secret = opened.isOutdated ? this.#box.close(userId, opened.secret) : factor.secret;
    await updateFactor(tx, userId, { secret, lastStep: step });
    return true;
  }
}
