import type { Letter } from '../../mail/index.js';

/** Tells the owner of an account that its logins have changed. Nobody is named: the address may be unconfirmed, and another's. */
export function twoFactorLetter({ appName, isOn }: { readonly appName: string; readonly isOn: boolean }): Letter {
  const word = isOn ? 'on' : 'off';
  return {
    subject: `Two-factor authentication is ${word} for ${appName}`,
    title: `Two-factor authentication has been turned ${word}`,
    paragraphs: [
      isOn
        ? `Who logs in to your account at ${appName} now also needs a code from your app. Keep your recovery codes in a safe place.`
        : `Who logs in to your account at ${appName} needs nothing but the password any more.`,
    ],
    notes: ['If this was not you, change your password, and tell the people who run the application.'],
  };
}
