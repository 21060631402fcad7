import { generateSync } from 'otplib';
import { expect } from 'vitest';
import { PASSWORD, type Person, type TestTarget } from './client.js';

const STEP_SECONDS = 30;

/** An app for codes, made of another library than the server's. Its clock stands still, so that no step begins between two codes. */
export class Authenticator {
  readonly #seconds = Math.floor(Date.now() / 1000);
  readonly #secret: string;

  constructor(secret: string) {
    this.#secret = secret;
  }

  /** @param steps by how many periods of 30 seconds its clock is wrong. */
  code(steps = 0): string {
    return generateSync({ secret: this.#secret, epoch: this.#seconds + steps * STEP_SECONDS });
  }

  /** Six digits that no clock near this one shows; of six texts one is left. */
  wrongCode(): string {
    const shown = new Set([-1, 0, 1, 2, 3].map((steps) => this.code(steps)));
    return ['000000', '111111', '222222', '333333', '444444', '555555'].find((code) => !shown.has(code)) ?? '';
  }
}

export interface Protected {
  readonly secret: string;
  readonly app: Authenticator;
  readonly recoveryCodes: readonly string[];
  /** The token that goes on. */
  readonly token: string;
}

/** Turns two-factor authentication on for the user, by their token. */
export async function protect(person: Person): Promise<Protected> {
  const begun = await person.post('/user/two-factor', { password: PASSWORD });
  expect(begun.status).toBe(200);
  const { secret } = begun.body;
  const app = new Authenticator(secret);
  const { status, body } = await person.post('/user/two-factor/confirm', { code: app.code() });
  expect(status).toBe(200);
  return { secret, app, recoveryCodes: body.recovery_codes, token: body.access_token };
}

/** Lets the codes of this moment count again, in place of waiting for the next ones. */
export async function forgetUsedCodes({ db }: TestTarget, userId: number): Promise<void> {
  await db.secondFactor.update({ where: { user_id: BigInt(userId) }, data: { last_step: 0 } });
}
