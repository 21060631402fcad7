import type { Results } from '../results.js';
import { COLORS, draw, heading, HEADER_HEIGHT, legend, MARGIN, NAMES, SCALE } from './chart.js';
import { columns } from './columns-chart.js';
import { rounded } from './numbers.js';
import { refusedPerSecond } from './overload-refusals.js';

/** Undefined when it was not measured. */
export function overloadChart(results: Results): string | undefined {
  if (!results.overload) return undefined;
  const { request, phases } = results.overload;
  return draw(440, {
    title: heading(`What an overload does to “${request}”`, results),
    legend: legend({ left: MARGIN, top: HEADER_HEIGHT }),
    grid: { left: 90, right: 90, top: HEADER_HEIGHT + 64, bottom: 60 },
    xAxis: {
      ...NAMES,
      data: phases.map(({ name, offeredPerSecond }) => `${name}\n${rounded(offeredPerSecond)} requests/s asked for`),
      axisLabel: { ...NAMES.axisLabel, lineHeight: 17 },
    },
    yAxis: [
      { ...SCALE, type: 'value', name: 'answers per second' },
      { ...SCALE, type: 'value', name: 'p99, ms', splitLine: { show: false } },
    ],
    series: [
      columns(
        'answers 200 per second',
        COLORS.blue,
        phases.map(({ perSecond }) => perSecond),
      ),
      columns('answers 503 per second', COLORS.gray, phases.map(refusedPerSecond)),
      {
        ...columns(
          'p99 of the answers 200, in ms (axis on the right)',
          COLORS.orange,
          phases.map(({ p99 }) => p99),
        ),
        yAxisIndex: 1,
      },
    ],
  });
}
