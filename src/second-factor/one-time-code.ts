import { randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';

/** As many as SHA-1 has, which is what every app for codes knows. Source: https://www.rfc-editor.org/rfc/rfc4226#section-4 */
const SECRET_BYTES = 20;
const DIGITS = 6;
const PERIOD_SECONDS = 30;
/** The clock of a device may be so many steps before or behind. Source: https://www.rfc-editor.org/rfc/rfc6238#section-5.2 */
const DRIFT_STEPS = 1;

const PATTERN = new RegExp(`^\\d{${DIGITS}}$`);

export function makeSecret(): Uint8Array<ArrayBuffer> {
  return new Uint8Array(randomBytes(SECRET_BYTES));
}

/** Whether it looks like a code of an app, and not like a recovery code. */
export function isOneTimeCode(code: string): boolean {
  return PATTERN.test(withoutSpaces(code));
}

/** The time step of the code; undefined: it is none of those that count now. */
export function stepOf(secret: Uint8Array<ArrayBuffer>, code: string): number | undefined {
  const now = Date.now();
  const delta = totpOf(secret).validate({ token: withoutSpaces(code), timestamp: now, window: DRIFT_STEPS });
  return delta === null ? undefined : TOTP.counter({ period: PERIOD_SECONDS, timestamp: now }) + delta;
}

/** The secret as people copy it into an app, and as an app reads it from a QR code. */
export function toShow(
  secret: Uint8Array<ArrayBuffer>,
  { issuer, account }: { readonly issuer: string; readonly account: string },
): { readonly base32: string; readonly uri: string } {
  // The colon parts the two in the label of the URI.
  const totp = totpOf(secret, { issuer: issuer.replaceAll(':', ' '), label: account });
  return { base32: totp.secret.base32, uri: totp.toString() };
}

function totpOf(secret: Uint8Array<ArrayBuffer>, names: { issuer?: string; label?: string } = {}): TOTP {
  const options = { algorithm: 'SHA1', digits: DIGITS, period: PERIOD_SECONDS };
  return new TOTP({ ...options, ...names, secret: new Secret({ buffer: secret.buffer }) });
}

/** Apps show the code in two halves. */
function withoutSpaces(code: string): string {
  return code.replace(/\s/g, '');
}
