import type { BarSeriesOption } from 'echarts';
import type { Results } from '../results.js';
import type { ServerResult, ThroughputResult } from '../throughput.js';
import { COLORS, draw, heading, HEADER_HEIGHT, legend, MARGIN, NAMES, SCALE, STILL, VALUE_LABEL } from './chart.js';
import { ratio, rounded } from './numbers.js';

/** They hash a password: so much less a second that their bars would not be seen. */
const NOT_DRAWN = ['login', 'register'];

const BAR_HEIGHT = 15;
const GAP_HEIGHT = 18;
const LEGEND_HEIGHT = 32;
const AXIS_HEIGHT = 56;

/** Undefined when it was not measured. */
export function throughputChart(results: Results): string | undefined {
  const drawn = results.throughput?.filter(({ request }) => !NOT_DRAWN.includes(request)) ?? [];
  if (drawn.length === 0) return undefined;
  const series = [
    bars('messenger', COLORS.blue, drawn, ({ messenger }) => messenger),
    bars('baseline', COLORS.gray, drawn, ({ baseline }) => baseline),
    ...(drawn.some(({ peer }) => peer) ? [bars('peer', COLORS.orange, drawn, ({ peer }) => peer)] : []),
  ];
  const top = HEADER_HEIGHT + LEGEND_HEIGHT;
  const height = drawn.length * (series.length * BAR_HEIGHT + GAP_HEIGHT);
  return draw(top + height + AXIS_HEIGHT, {
    title: heading('Requests per second; in bold: the messenger’s for one of the baseline’s', results),
    legend: legend({ left: MARGIN, top: HEADER_HEIGHT }),
    grid: { left: 250, right: 120, top, height },
    xAxis: { ...SCALE, type: 'value', name: 'requests per second (median)', nameLocation: 'middle', nameGap: 30 },
    yAxis: { ...NAMES, inverse: true, data: drawn.map(({ request }) => request) },
    series,
  });
}

function bars(
  name: string,
  color: string,
  drawn: readonly ThroughputResult[],
  of: (result: ThroughputResult) => ServerResult | null,
): BarSeriesOption {
  return {
    ...STILL,
    type: 'bar',
    name,
    color,
    barWidth: BAR_HEIGHT,
    barGap: '0%',
    data: drawn.map((result) => {
      const perSecond = of(result)?.perSecond.median;
      const text = rounded(perSecond);
      const formatter = name === 'messenger' ? `${text}  {ratio|${ratio(result.ratio.median)}x}` : text;
      return { value: perSecond ?? '-', label: { formatter } };
    }),
    label: { ...VALUE_LABEL, position: 'right', rich: { ratio: { ...VALUE_LABEL, fontWeight: 'bold' } } },
  };
}
