import type { Results } from '../results.js';
import { COLORS, draw, heading, HEADER_HEIGHT, legend, MARGIN, NAMES, SCALE } from './chart.js';
import { columns } from './columns-chart.js';

/** Undefined when it was not measured. */
export function loginBurstChart(results: Results): string | undefined {
  if (!results.loginBurst) return undefined;
  const { connections, quiet, burst } = results.loginBurst;
  return draw(380, {
    title: heading(`How long GET /user/me takes while ${connections} connections do nothing but log in`, results),
    legend: legend({ left: MARGIN, top: HEADER_HEIGHT }),
    grid: { left: 90, right: MARGIN, top: HEADER_HEIGHT + 64, bottom: 40 },
    xAxis: { ...NAMES, data: ['p50', 'p99'] },
    yAxis: { ...SCALE, type: 'value', name: 'milliseconds' },
    series: [
      columns('quiet', COLORS.gray, [quiet.p50, quiet.p99]),
      columns('burst of logins', COLORS.blue, [burst.p50, burst.p99]),
    ],
  });
}
