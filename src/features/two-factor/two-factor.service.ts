import QRCode from 'qrcode';
import { OPERATOR, audit, type Actor } from '../../audit/index.js';
import { commitOwnChange, nextOwnNumber } from '../../changes/index.js';
import type { Database, Revocation, Transaction } from '../../database/index.js';
import type { Mailer } from '../../mail/index.js';
import { readState, toShow, type CodeGuard, type Proof } from '../../second-factor/index.js';
import { notAuthorized } from '../../shared/errors.js';
import { findByName, ownAccount } from '../admin/index.js';
import type { Services } from '../feature.js';
import { endOthers } from '../sessions/index.js';
import { meUpdated, userNotFound } from '../users/index.js';
import { twoFactorNotBegun, twoFactorOff, twoFactorOn } from './two-factor.errors.js';
import { twoFactorLetter } from './two-factor.letter.js';
import { lockOwner, setTwoFactor } from './two-factor.queries.js';
import type { TwoFactorSetup, TwoFactorState } from './two-factor.schemas.js';

/** Who asks, and for which code. */
interface Asked {
  readonly userId: number;
  readonly network: string;
  readonly code: string;
  readonly actor: Actor;
}

/** @throws NOT_AUTHORIZED when the user is gone. */
export async function getTwoFactor({ db }: Pick<Services, 'db'>, userId: number): Promise<TwoFactorState> {
  const { isOn, recoveryCodesLeft } = await stateOf(db, userId);
  return { on: isOn, recovery_codes_left: recoveryCodesLeft };
}

async function stateOf(db: Database, userId: number) {
  const state = await db.inTurn(userId, () => readState(db, userId));
  if (!state) throw notAuthorized();
  return state;
}

/**
 * Makes a secret for the app of the user, whose password has been checked. What was begun before is replaced.
 * @throws NOT_AUTHORIZED when the user is gone; TWO_FACTOR_ON; TOO_MANY_REQUESTS.
 */
export async function beginTwoFactor(
  { db, secondFactors, limits, config }: Pick<Services, 'db' | 'secondFactors' | 'limits' | 'config'>,
  userId: number,
): Promise<TwoFactorSetup> {
  await limits.secondFactorBeginnings.consume(userId);
  const { account, secret } = await db.inTransaction(userId, async (tx) => {
    const owner = await lockOwner(tx, userId);
    if (!owner) throw notAuthorized();
    if (owner.isOn) throw twoFactorOn();
    return { account: owner.username, secret: await secondFactors.begin(tx, userId) };
  });
  const { base32, uri } = toShow(secret, { issuer: config.twoFactor.issuer, account });
  return { secret: base32, uri, qr_code: await QRCode.toDataURL(uri) };
}

/**
 * Turns it on, and ends what the user is logged in with elsewhere.
 * @param sessionId which goes on; undefined: the token of the request belongs to none.
 * @returns the recovery codes.
 * @throws NOT_AUTHORIZED when the user is gone; TWO_FACTOR_ON, TWO_FACTOR_NOT_BEGUN, WRONG_CODE, TOO_MANY_REQUESTS.
 */
export async function confirmTwoFactor(
  services: Services,
  guard: CodeGuard,
  { userId, network, code, actor }: Asked,
  sessionId: number | undefined,
): Promise<string[]> {
  const { db, secondFactors, mailer, revocations } = services;
  // Before the code counts as a guess: there is nothing to guess.
  const { isOn, isBegun } = await stateOf(db, userId);
  if (isOn) throw twoFactorOn();
  if (!isBegun) throw twoFactorNotBegun();
  let ended: Revocation[] = [];
  const codes = await guard.try({ userId, network, code }, () => {
    let codes: string[] | undefined;
    return commitOwnChange(services, meUpdated, userId, {
      async write(tx, next) {
        const owner = await lockOwner(tx, userId);
        if (!owner) throw notAuthorized();
        if (owner.isOn) throw twoFactorOn();
        if (!(await secondFactors.confirm(tx, userId, code))) return undefined;
        codes = await secondFactors.renewRecoveryCodes(tx, userId);
        await setTwoFactor(tx, userId, true, await next());
        ended = await endOthers(tx, userId, { except: sessionId, before: Date.now() });
        await audit(tx, { actor, action: 'two_factor.turned_on', userId });
        await tell(tx, mailer, owner.email, true);
        return userId;
      },
      answer: () => Promise.resolve(codes),
    });
  });
  revocations.apply(ended);
  return codes;
}

/**
 * Makes other recovery codes for the user, whose password has been checked.
 * @throws TWO_FACTOR_OFF, WRONG_CODE, TOO_MANY_REQUESTS; NOT_AUTHORIZED when the user is gone.
 */
export async function renewRecoveryCodes(
  { db, secondFactors }: Pick<Services, 'db' | 'secondFactors'>,
  guard: CodeGuard,
  { userId, network, code, actor }: Asked,
): Promise<{ proof: Proof; codes: string[] }> {
  if (!(await stateOf(db, userId)).isOn) throw twoFactorOff();
  return guard.try({ userId, network, code }, () =>
    db.inTransaction(userId, async (tx) => {
      const proof = await secondFactors.accept(tx, userId, code, actor);
      if (!proof) return undefined;
      await audit(tx, { actor, action: 'two_factor.recovery_codes_made', userId });
      return { proof, codes: await secondFactors.renewRecoveryCodes(tx, userId) };
    }),
  );
}

/**
 * Turns it off for the user, whose password has been checked.
 * @throws TWO_FACTOR_OFF, WRONG_CODE, TOO_MANY_REQUESTS; NOT_AUTHORIZED when the user is gone.
 */
export async function removeTwoFactor(services: Services, guard: CodeGuard, asked: Asked): Promise<Proof> {
  const { userId, network, code, actor } = asked;
  if (!(await stateOf(services.db, userId)).isOn) throw twoFactorOff();
  return guard.try({ userId, network, code }, () => {
    let proof: Proof | undefined;
    return commitOwnChange(services, meUpdated, userId, {
      async write(tx, next) {
        // Before the code, as everywhere, or two requests could wait for each other.
        const owner = await lockOwner(tx, userId);
        proof = owner && (await services.secondFactors.accept(tx, userId, code, actor));
        if (!owner || !proof) return undefined;
        await turnOff(tx, services, { userId, actor, email: owner.email }, next);
        return userId;
      },
      answer: () => Promise.resolve(proof),
    });
  });
}

/**
 * For a user who has lost app and recovery codes. Where it is off, what was begun ends.
 * @returns whether it was on.
 * @throws OWN_ACCOUNT, USER_NOT_FOUND.
 */
export async function removeAsAdmin(services: Services, actor: Actor, userId: number): Promise<boolean> {
  if (actor.type === 'user' && actor.id === userId) throw ownAccount();
  let wasOn = false;
  return commitOwnChange(services, meUpdated, userId, {
    async write(tx, next) {
      const owner = await lockOwner(tx, userId);
      if (!owner) throw userNotFound();
      if (!owner.isOn) {
        await services.secondFactors.remove(tx, userId);
        return undefined;
      }
      wasOn = true;
      await turnOff(tx, services, { userId, actor, email: owner.email }, next);
      return userId;
    },
    answer: () => Promise.resolve(wasOn),
  });
}

/**
 * The same on the command line.
 * @param who an id, `ext:` and an id of the host application, a username or an email.
 * @throws USER_NOT_FOUND
 */
export async function removeAsOperator(
  context: Pick<Services, 'db' | 'secondFactors' | 'mailer'>,
  who: string,
): Promise<boolean> {
  const userId = await findByName(context.db, who);
  return context.db.inTransaction(userId, async (tx) => {
    const owner = await lockOwner(tx, userId);
    if (!owner?.isOn) return false;
    await turnOff(tx, context, { userId, actor: OPERATOR, email: owner.email }, () => nextOwnNumber(tx, userId));
    return true;
  });
}

interface Owned {
  readonly userId: number;
  readonly actor: Actor;
  readonly email: string | null;
}

/** @param next takes the number of the change in the user's own log. */
async function turnOff(
  tx: Transaction,
  { secondFactors, mailer }: Pick<Services, 'secondFactors' | 'mailer'>,
  { userId, actor, email }: Owned,
  next: () => Promise<number>,
): Promise<void> {
  await secondFactors.remove(tx, userId);
  await setTwoFactor(tx, userId, false, await next());
  await audit(tx, { actor, action: 'two_factor.turned_off', userId });
  await tell(tx, mailer, email, false);
}

async function tell(tx: Transaction, mailer: Mailer | undefined, email: string | null, isOn: boolean): Promise<void> {
  if (mailer && email !== null) await mailer.queue(tx, email, twoFactorLetter({ appName: mailer.appName, isOn }));
}
