import type { Letter } from '../../mail/index.js';

/** Tells the owner of an account what somebody else may have done. */
export function passwordChangedLetter(appName: string): Letter {
  return {
    subject: `Your password for ${appName} has been changed`,
    title: 'Your password has been changed',
    paragraphs: [
      `The password of your account at ${appName} has just been changed, and every other device has been logged out.`,
    ],
    notes: ['If it was not you, ask for a new password at once: somebody else knows how to get into your account.'],
  };
}
