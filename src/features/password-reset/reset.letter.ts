import type { Letter } from '../../mail/index.js';

interface Reset {
  readonly appName: string;
  readonly code: string;
  /** undefined: the code is to be copied. */
  readonly link: string | undefined;
}

/** Lets the reader of the mails of an account give it another password. */
export function resetLetter({ appName, code, link }: Reset): Letter {
  return {
    subject: `A new password for ${appName}`,
    title: 'Choose a new password',
    paragraphs: [
      `Somebody, we hope you, has forgotten the password of your account at ${appName}.`,
      link === undefined ? 'To choose another one, enter this code:' : 'Here you can choose another one.',
    ],
    ...(link !== undefined && { link: { label: 'Choose a password', url: link }, codeHint: 'Or enter this code:' }),
    code,
    notes: [
      'The code works once, within an hour.',
      'If it was not you, leave this mail unanswered: your password stays what it is.',
    ],
  };
}
