import type { BarSeriesOption } from 'echarts';
import { STILL, VALUE_LABEL } from './chart.js';
import { rounded } from './numbers.js';

/** Upright bars with their numbers on top. */
export function columns(name: string, color: string, values: readonly (number | null)[]): BarSeriesOption {
  return {
    ...STILL,
    type: 'bar',
    name,
    color,
    barMaxWidth: 64,
    barGap: '10%',
    data: values.map((value) => ({ value: value ?? '-', label: { formatter: rounded(value) } })),
    label: { ...VALUE_LABEL, position: 'top' },
  };
}
