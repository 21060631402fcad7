/** A language tag. Source: https://www.rfc-editor.org/rfc/rfc5646 */
export const LOCALE_PATTERN = '^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$';
export const MAX_LOCALE_LENGTH = 35;

const LOCALE = new RegExp(LOCALE_PATTERN);

export function isLocale(text: string): boolean {
  return text.length <= MAX_LOCALE_LENGTH && LOCALE.test(text);
}
