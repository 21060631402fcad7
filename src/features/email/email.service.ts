import { audit, type Actor } from '../../audit/index.js';
import type { Context } from '../../changes/index.js';
import { isUniqueViolation, type Transaction } from '../../database/index.js';
import { noMail, type Mailer } from '../../mail/index.js';
import { notAuthorized } from '../../shared/errors.js';
import type { RateLimit } from '../../shared/rate-limit.js';
import { changeProfile, userProjection } from '../users/index.js';
import { hashOf } from './code.js';
import { confirmationLetter } from './confirmation.letter.js';
import { alreadyConfirmed, invalidCode, noEmail } from './email.errors.js';
import { emailChangedLetter } from './email-changed.letter.js';
import { mailCode } from './mail-code.js';
import { findCode, readAddress, takeCode, type Code } from './email.queries.js';

const VALID_MS = 24 * 60 * 60 * 1000;

/** Makes a code, and queues the mail that has it; both within the transaction. */
export async function queueConfirmation(
  tx: Transaction,
  mailer: Mailer,
  { id: userId, email }: { readonly id: number; readonly email: string },
): Promise<void> {
  await mailCode(tx, mailer, { userId, purpose: 'confirm_email', email, validMs: VALID_MS }, confirmationLetter);
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
 * Confirms the address that the code was sent to, which becomes the user's if they have asked for that.
 * @param limit of wrong codes, by network. A code counts before it is known to be right, or many at once would all pass.
 * @throws INVALID_CODE, also when another user has the new address by now; TOO_MANY_REQUESTS.
 */
export async function confirmEmail(
  context: Context & { readonly mailer: Mailer | undefined },
  token: string,
  { limit, network, address }: { readonly limit: RateLimit; readonly network: string; readonly address: string },
): Promise<void> {
  await limit.consume(network);
  const hash = hashOf(token);
  const code = await context.db.inTurn(network, () => findCode(context.db, hash, ['confirm_email', 'change_email']));
  if (!code) throw invalidCode();
  const { userId, purpose } = code;
  const change = purpose === 'change_email' ? changeOf(code, context.mailer, address) : CONFIRMATION;
  try {
    const { user } = await changeProfile(
      context,
      userId,
      {
        async check(tx, before) {
          const email = purpose === 'change_email' ? code.email : before.email;
          if (!(await takeCode(tx, purpose, hash, email))) throw invalidCode();
          await change.check(tx, before);
        },
        apply: change.apply,
      },
      userProjection,
    );
    if (!user) throw invalidCode();
  } catch (error) {
    throw isUniqueViolation(error) ? invalidCode() : error;
  }
  await limit.refund(network);
}

type EmailChange = Required<Pick<Parameters<typeof changeProfile>[2], 'check' | 'apply'>>;

const CONFIRMATION: EmailChange = {
  check: () => Promise.resolve(),
  apply: (before) => ({ ...before, email_confirmed: true }),
};

/** The old address is told, in case that it was somebody else who has asked. */
function changeOf({ userId, email }: Code, mailer: Mailer | undefined, address: string): EmailChange {
  const actor: Actor = { type: 'user', id: userId, address };
  return {
    async check(tx, before) {
      if (mailer && before.email !== null) await mailer.queue(tx, before.email, emailChangedLetter(mailer.appName));
      await audit(tx, { actor, action: 'email.changed', userId });
    },
    apply: (before) => ({ ...before, email, email_confirmed: true }),
  };
}
