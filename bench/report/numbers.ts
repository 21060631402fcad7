import type { Spread } from '../statistics.js';

const UNKNOWN = '–';
const THREE_DIGITS = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3 });
const WHOLE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const COMPACT = new Intl.NumberFormat('en-US', { notation: 'compact' });
const TWO_DECIMALS = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

type Known = number | null | undefined;

/** Of something measured: more digits would only be noise. */
export const rounded = (value: Known) => formatted(THREE_DIGITS, value);

/** Of something counted. */
export const whole = (value: Known) => formatted(WHOLE, value);

/** With as few letters as the tick of an axis needs: 10K. */
export const compact = (value: number) => formatted(COMPACT, value);

export const ratio = (value: Known) => formatted(TWO_DECIMALS, value);

export function ratioSpread({ median, min, max }: Spread): string {
  return `${ratio(median)} [${ratio(min)}–${ratio(max)}]`;
}

function formatted(format: Intl.NumberFormat, value: Known): string {
  // JSON has null for what is not a number, too.
  return value === undefined || value === null || !Number.isFinite(value) ? UNKNOWN : format.format(value);
}
