import type { Letter } from '../../mail/index.js';
import { codeOrLink, type CodeInLetter } from './mail-code.js';

/**
 * Asks the reader of the mails of an address to confirm it. Not by their name: anyone may have registered the address, with
 * a name that is the address of a web page.
 */
export function confirmationLetter(code: CodeInLetter): Letter {
  const { appName, link } = code;
  return {
    subject: `Confirm your e-mail address for ${appName}`,
    title: 'Confirm your e-mail address',
    paragraphs: [
      `Somebody, we hope you, has opened an account at ${appName} with this e-mail address.`,
      link === undefined
        ? 'To confirm that the address is yours, enter this code:'
        : 'Please confirm that it is yours.',
    ],
    ...codeOrLink(code, 'Confirm'),
    notes: [
      'The code works once, within 24 hours.',
      'If you have not opened the account, leave this mail unanswered: the address stays unconfirmed.',
    ],
  };
}
