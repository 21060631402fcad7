import { useTexts } from '../texts/index.js';
import { Segmented } from '../ui/segmented.js';

const DAY_MS = 86_400_000;
const LENGTHS = { day: DAY_MS, week: 7 * DAY_MS, none: undefined } as const;

export type Length = keyof typeof LENGTHS;

/** When something ends that begins now, for a request. */
export function untilOf(length: Length): { readonly until?: string } {
  const ms = LENGTHS[length];
  return ms === undefined ? {} : { until: new Date(Date.now() + ms).toISOString() };
}

export function LengthChoice({
  value,
  onChange,
}: {
  readonly value: Length;
  readonly onChange: (length: Length) => void;
}) {
  const texts = useTexts();
  const options = [
    { value: 'day', label: texts.oneDay },
    { value: 'week', label: texts.oneWeek },
    { value: 'none', label: texts.noEnd },
  ] as const;
  return <Segmented label={texts.howLong} options={options} value={value} onChange={onChange} />;
}
