import type { Results } from '../results.js';
import { COLORS, draw, heading, HEADER_HEIGHT, legend, MARGIN, NAMES, SCALE } from './chart.js';
import { columns } from './columns-chart.js';
import { compact, whole } from './numbers.js';

/** Undefined when it was not measured. */
export function deliveryChart(results: Results): string | undefined {
  const { fanOut } = results;
  if (!fanOut) return undefined;
  return draw(420, {
    title: heading('Deliveries a second of persisted messages to people who are online', results),
    legend: legend({ left: MARGIN, top: HEADER_HEIGHT }),
    grid: { left: 90, right: MARGIN, top: HEADER_HEIGHT + 64, bottom: 40 },
    xAxis: {
      ...NAMES,
      data: fanOut.map(({ members, connections }) => `${whole(members)} members, ${connections} in flight`),
    },
    yAxis: {
      ...SCALE,
      type: 'value',
      name: 'deliveries/s',
      axisLabel: { ...SCALE.axisLabel, formatter: compact },
    },
    series: [
      columns(
        'messenger',
        COLORS.blue,
        fanOut.map(({ messenger }) => messenger.deliveriesPerSecond.median),
      ),
      columns(
        'bare ws broadcast, without any database',
        COLORS.gray,
        fanOut.map(({ bare }) => bare.deliveriesPerSecond.median),
      ),
    ],
  });
}
