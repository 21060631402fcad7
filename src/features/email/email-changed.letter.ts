import type { Letter } from '../../mail/index.js';

/** Tells the reader of the old address. It does not name the new one: the old one may be somebody else's by now. */
export function emailChangedLetter(appName: string): Letter {
  return {
    subject: `Your account at ${appName} has another e-mail address`,
    title: 'Your account has another e-mail address',
    paragraphs: [
      `The e-mail address of your account at ${appName} has just been changed. Mails go to the new address from now on.`,
    ],
    notes: ['If it was not you, tell the people who run it at once: somebody else knows your password.'],
  };
}
