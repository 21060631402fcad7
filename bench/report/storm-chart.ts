import type { Results } from '../results.js';
import { COLORS, draw, heading, HEADER_HEIGHT, legend, MARGIN, NAMES, SCALE } from './chart.js';
import { columns } from './columns-chart.js';

/** Undefined when it was not measured. */
export function stormChart(results: Results): string | undefined {
  if (!results.storm) return undefined;
  const { connections, quiet, storm } = results.storm;
  return draw(380, {
    title: heading(`How long GET /user/me takes while ${connections} connections do nothing but log in`, results),
    legend: legend({ left: MARGIN, top: HEADER_HEIGHT }),
    grid: { left: 90, right: MARGIN, top: HEADER_HEIGHT + 64, bottom: 40 },
    xAxis: { ...NAMES, data: ['p50', 'p99'] },
    yAxis: { ...SCALE, type: 'value', name: 'milliseconds' },
    series: [
      columns('quiet', COLORS.gray, [quiet.p50, quiet.p99]),
      columns('storm of logins', COLORS.blue, [storm.p50, storm.p99]),
    ],
  });
}
