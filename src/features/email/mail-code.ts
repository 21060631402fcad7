import type { Transaction } from '../../database/index.js';
import type { Letter, Mailer } from '../../mail/index.js';
import { hashOf, makeCode } from './code.js';
import { insertCode, type Purpose } from './email.queries.js';

interface MailedCodeOptions {
  readonly userId: number;
  readonly purpose: Purpose;
  readonly email: string;
  readonly validMs: number;
}

/** What a letter with a code says of it. */
export interface CodeInLetter {
  readonly appName: string;
  readonly code: string;
  /** undefined: the code is to be copied. */
  readonly link: string | undefined;
}

/** Makes a code, and queues the mail that has it; both within the transaction. */
export async function mailCode(
  tx: Transaction,
  mailer: Mailer,
  { userId, purpose, email, validMs }: MailedCodeOptions,
  write: (code: CodeInLetter) => Letter,
): Promise<void> {
  const code = makeCode();
  await insertCode(tx, { userId, purpose, email, hash: hashOf(code), validMs });
  const letter = write({ appName: mailer.appName, code, link: mailer.linkFor(purpose, code) });
  await mailer.queue(tx, email, letter, validMs);
}

/** The button and the code of a letter; without a page that takes the link, the code alone. */
export function codeOrLink({ code, link }: CodeInLetter, label: string): Pick<Letter, 'link' | 'code' | 'codeHint'> {
  return link === undefined ? { code } : { code, link: { label, url: link }, codeHint: 'Or enter this code:' };
}
