import type { Letter } from '../../mail/index.js';
import { codeOrLink, type CodeInLetter } from '../email/index.js';

/** Asks the reader of a new address to confirm it. */
export function newAddressLetter(code: CodeInLetter): Letter {
  const { appName, link } = code;
  return {
    subject: `Confirm your new e-mail address for ${appName}`,
    title: 'Confirm your new e-mail address',
    paragraphs: [
      `Somebody, we hope you, wants to use this e-mail address for an account at ${appName}.`,
      link === undefined
        ? 'To confirm that the address is yours, enter this code:'
        : 'Please confirm that it is yours. The address changes then.',
    ],
    ...codeOrLink(code, 'Confirm'),
    notes: [
      'The code works once, within 24 hours.',
      'If it was not you, leave this mail unanswered: nothing changes then.',
    ],
  };
}

/** Instead, where the address is that of an account already: who asked is not told, its owner is. */
export function addressInUseLetter(appName: string): Letter {
  return {
    subject: `Your e-mail address at ${appName}`,
    title: 'This e-mail address is in use already',
    paragraphs: [
      `Somebody wants to use this e-mail address for another account at ${appName}, but it belongs to your account there.`,
    ],
    notes: ['Nothing has changed. If it was you: give your other account another address first.'],
  };
}
