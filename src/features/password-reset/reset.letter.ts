import type { Letter } from '../../mail/index.js';
import { codeOrLink, type CodeInLetter } from '../email/index.js';

/** Lets the reader of the mails of an account give it another password. */
export function resetLetter(code: CodeInLetter): Letter {
  const { appName, link } = code;
  return {
    subject: `A new password for ${appName}`,
    title: 'Choose a new password',
    paragraphs: [
      `Somebody, we hope you, has forgotten the password of your account at ${appName}.`,
      link === undefined ? 'To choose another one, enter this code:' : 'Here you can choose another one.',
    ],
    ...codeOrLink(code, 'Choose a password'),
    notes: [
      'The code works once, within an hour.',
      'If it was not you, leave this mail unanswered: your password stays what it is.',
    ],
  };
}
