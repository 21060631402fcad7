import type { Context } from '../../changes/index.js';
import type { Transaction } from '../../database/index.js';
import { noMail, type Mailer } from '../../mail/index.js';
import { notAuthorized } from '../../shared/errors.js';
import type { RateLimit } from '../../shared/rate-limit.js';
import { changeProfile, userProjection } from '../users/index.js';
import { hashOf, makeCode } from './code.js';
import { confirmationLetter } from './confirmation.letter.js';
import { alreadyConfirmed, invalidCode, noEmail } from './email.errors.js';
import { findCodeOwner, insertCode, readAddress, takeCode, type Purpose } from './email.queries.js';

const PURPOSE: Purpose = 'confirm_email';
const VALID_MS = 24 * 60 * 60 * 1000;

/** Makes a code, and queues the mail that has it; both within the transaction. */
export async function queueConfirmation(
  tx: Transaction,
  mailer: Mailer,
  { id: userId, email }: { readonly id: number; readonly email: string },
): Promise<void> {
  const code = makeCode();
  await insertCode(tx, { userId, purpose: PURPOSE, email, hash: hashOf(code), validMs: VALID_MS });
  const letter = confirmationLetter({ appName: mailer.appName, code, link: mailer.linkFor(code) });
  await mailer.queue(tx, email, letter, VALID_MS);
}

/**
 * Sends the user another mail with a code.
 * @throws NO_MAIL, TOO_MANY_REQUESTS, NO_EMAIL, EMAIL_CONFIRMED; NOT_AUTHORIZED when the user is gone.
 */
export async function sendConfirmation(
  { db, mailer, limit }: Pick<Context, 'db'> & { readonly mailer: Mailer | undefined; readonly limit: RateLimit },
  userId: number,
): Promise<void> {
  await limit.consume(userId);
  await db.inTransaction(userId, async (tx) => {
    const address = await readAddress(tx, userId);
    if (!address) throw notAuthorized();
    if (!mailer) throw noMail();
    if (address.email === null) throw noEmail();
    if (address.email_confirmed) throw alreadyConfirmed();
    await queueConfirmation(tx, mailer, { id: userId, email: address.email });
  });
}

/**
 * Confirms the address that the code was sent to, as long as its user has it.
 * @param limit of wrong codes, by network. A code counts before it is known to be right, or many at once would all pass.
 * @throws INVALID_CODE, TOO_MANY_REQUESTS.
 */
export async function confirmEmail(
  context: Context,
  code: string,
  { limit, network }: { readonly limit: RateLimit; readonly network: string },
): Promise<void> {
  await limit.consume(network);
  const hash = hashOf(code);
  const userId = await context.db.inTurn(network, () => findCodeOwner(context.db, PURPOSE, hash));
  if (userId === undefined) throw invalidCode();
  const { user } = await changeProfile(
    context,
    userId,
    {
      async check(tx, { email }) {
        if (!(await takeCode(tx, PURPOSE, hash, email))) throw invalidCode();
      },
      apply: (before) => ({ ...before, email_confirmed: true }),
    },
    userProjection,
  );
  if (!user) throw invalidCode();
  await limit.refund(network);
}
