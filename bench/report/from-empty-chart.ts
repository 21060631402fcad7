import type { Results } from '../results.js';
import { COLORS, draw, heading, HEADER_HEIGHT, LABEL, legend, MARGIN, SCALE, STILL } from './chart.js';

const LINE_COLORS = [COLORS.blue, COLORS.orange];

/** Undefined when it was not measured. */
export function fromEmptyChart(results: Results): string | undefined {
  const { fromEmpty = [] } = results;
  if (fromEmpty.length === 0) return undefined;
  return draw(420, {
    title: heading('Sends a second from the first message of an empty database on', results),
    legend: legend({ left: MARGIN, top: HEADER_HEIGHT }),
    grid: { left: 90, right: MARGIN + 16, top: HEADER_HEIGHT + 64, bottom: 60 },
    xAxis: {
      ...SCALE,
      type: 'value',
      name: 'seconds',
      nameLocation: 'middle',
      nameGap: 30,
      axisLine: { show: true, lineStyle: { color: COLORS.gray } },
      axisLabel: LABEL,
    },
    yAxis: { ...SCALE, type: 'value', min: 0, name: 'sends per second' },
    series: fromEmpty.map(({ database, windowSeconds, perSecond }, index) => ({
      ...STILL,
      type: 'line',
      name: database,
      color: LINE_COLORS[index] ?? COLORS.gray,
      showSymbol: false,
      lineStyle: { width: 2 },
      data: perSecond.map((sends, window) => [(window + 1) * windowSeconds, sends]),
    })),
  });
}
