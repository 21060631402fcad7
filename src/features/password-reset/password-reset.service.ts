import { audit, type Actor } from '../../audit/index.js';
import { noMail } from '../../mail/index.js';
import { findAccountById, hashPassword, passwordChangedLetter, refuseGuessable, setPassword } from '../auth/index.js';
import { findCode, hashOf, invalidCode, takeCode } from '../email/index.js';
import type { Services } from '../feature.js';
import { endOthers } from '../sessions/index.js';
import { changeProfile, userProjection } from '../users/index.js';
import type { ResetPassword } from './password-reset.schemas.js';
import { insertResetRequest } from './reset-requests.js';

/**
 * Has a mail with a code sent to the address, if it is that of an account with a password. Nothing tells whether it is.
 * @throws NO_MAIL, TOO_MANY_REQUESTS.
 */
export async function askForReset(
  { db, mailer, limits }: Pick<Services, 'db' | 'mailer' | 'limits'>,
  email: string,
  network: string,
): Promise<void> {
  await limits.credentials.consume(network);
  if (!mailer) throw noMail();
  await limits.resetMails.consume(email.toLowerCase());
  await db.inTurn(network, () => insertResetRequest(db, email));
}

/**
 * Gives the user of the code another password, and ends everything that they are logged in with. Who has read the code has read
 * a mail to their address, which is confirmed by that.
 * @returns the id of the user.
 * @throws INVALID_CODE; VALIDATION_ERROR for a password that guessers try first; TOO_MANY_REQUESTS.
 */
export async function resetPassword(
  services: Services,
  { token, password }: ResetPassword,
  { network, address }: { readonly network: string; readonly address: string },
): Promise<number> {
  const { db, limits, mailer, revocations } = services;
  // A code counts before it is known to be right, or many at once would all pass.
  await limits.codeFailures.consume(network);
  const hash = hashOf(token);
  const code = await db.inTurn(network, () => findCode(db, hash, ['reset_password']));
  const account = code && (await db.inTurn(network, () => findAccountById(db, code.userId)));
  if (!code || account?.password === undefined || account.email !== code.email) throw invalidCode();
  await limits.codeFailures.refund(network);
  refuseGuessable('password', password, account);
  const { userId } = code;
  const actor: Actor = { type: 'user', id: userId, address };
  const newHash = await hashPassword(password, network);
  let ended: Awaited<ReturnType<typeof endOthers>> = [];
  await changeProfile(
    services,
    userId,
    {
      async check(tx, { email }) {
        if (!(await takeCode(tx, 'reset_password', hash, email))) throw invalidCode();
        await setPassword(tx, userId, newHash);
        ended = await endOthers(tx, userId, { before: Date.now() });
        await audit(tx, { actor, action: 'password.reset', userId });
        if (mailer) await mailer.queue(tx, code.email, passwordChangedLetter(mailer.appName));
      },
      apply: (before) => ({ ...before, email_confirmed: true }),
    },
    userProjection,
  );
  revocations.apply(ended);
  return userId;
}
