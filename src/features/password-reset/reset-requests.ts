import type { Database, Transaction } from '../../database/index.js';
import type { Mailer } from '../../mail/index.js';
import type { Logger } from '../../shared/logger.js';
import { Repetition } from '../../shared/repetition.js';
import { findAccount } from '../auth/index.js';
import { mailCode } from '../email/index.js';
import { resetLetter } from './reset.letter.js';

const VALID_MS = 60 * 60 * 1000;
/** How many requests are carried out in one transaction. */
const SLICE = 20;

/** Keeps that somebody asks for a new password. Whether anybody here has the address is not looked at yet, or its time would tell. */
export async function insertResetRequest(db: Transaction, email: string): Promise<void> {
  await db.passwordResetRequest.create({ data: { email: email.toLowerCase() }, select: { id: true } });
}

/** Writes the mails that have been asked for, for those addresses that are those of an account with a password. */
export function resetRequests(db: Database, mailer: Mailer, log: Logger): Repetition {
  const requests = new Repetition(
    async () => {
      while (!requests.isStopped && (await carryOut(db, mailer)) === SLICE);
    },
    { pauseMs: mailer.pollMs, log, failure: 'could not look for forgotten passwords; trying on' },
  );
  return requests;
}

/** @returns how many there were. Another process leaves those alone meanwhile. */
async function carryOut(db: Database, mailer: Mailer): Promise<number> {
  return db.inTransaction('password resets', async (tx) => {
    const taken = await tx.$queryRaw<{ email: string }[]>`
      delete from public.password_reset_request where id in (
        select id from public.password_reset_request order by id limit ${SLICE} for update skip locked
      ) returning email`;
    for (const { email } of taken) await writeMail(tx, mailer, email);
    return taken.length;
  });
}

async function writeMail(tx: Transaction, mailer: Mailer, email: string): Promise<void> {
  const account = await findAccount(tx, email);
  if (account?.password === undefined) return;
  await mailCode(tx, mailer, { userId: account.id, purpose: 'reset_password', email, validMs: VALID_MS }, resetLetter);
}
