import { noMail } from '../../mail/index.js';
import { findTaken, requirePassword } from '../auth/index.js';
import { dropCodes, mailCode } from '../email/index.js';
import type { Services } from '../feature.js';
import { addressInUseLetter, newAddressLetter } from './email-change.letters.js';
import type { ChangeEmail } from './email-change.schemas.js';

const VALID_MS = 24 * 60 * 60 * 1000;

/**
 * Sends a code to the new address, which changes when the code comes back. Whether the address is another user's already, its
 * reader learns, and not who asks.
 * @throws NO_MAIL; NOT_AUTHORIZED when the user is gone; WRONG_CREDENTIALS; TOO_MANY_REQUESTS.
 */
export async function askForEmail(
  services: Pick<Services, 'db' | 'loginGuard' | 'mailer' | 'limits'>,
  { userId, network }: { readonly userId: number; readonly network: string },
  { email: wanted, password }: ChangeEmail,
): Promise<void> {
  const { db, mailer, limits } = services;
  await requirePassword(services, { userId, network }, password);
  if (!mailer) throw noMail();
  await limits.confirmationMails.consume(userId);
  const email = wanted.toLowerCase();
  await db.inTransaction(userId, async (tx) => {
    const { email: isTaken } = await findTaken(tx, { username: '', email });
    // Only the newest code is good. One that is never sent is kept like the others, so that the time is the same.
    await dropCodes(tx, userId, 'change_email');
    await mailCode(tx, mailer, { userId, purpose: 'change_email', email, validMs: VALID_MS }, (code) =>
      isTaken ? addressInUseLetter(code.appName) : newAddressLetter(code),
    );
  });
}
