import type { GrowthResult } from '../growth.js';
import type { Results } from '../results.js';
import { COLORS, draw, heading, HEADER_HEIGHT, LABEL, legend, MARGIN, SCALE, STILL, WIDTH } from './chart.js';
import { compact } from './numbers.js';

const LINE_COLORS = ['#2563c9', '#d9730d', '#1a7f37', '#8250df', '#cf222e', '#0f7b8a', '#7d4e00', '#6e7781'];

const COLUMNS = 3;
const GAP = 24;
const PLOT_HEIGHT = 220;
/** Above a panel: the name of its y axis. */
const ABOVE = 36;
/** Below it: the ticks and the name of its x axis. */
const BELOW = 60;
/** Left of it: the ticks of its y axis. */
const TICKS_WIDTH = 36;
const LEGEND_LINE = 22;

interface Panel {
  readonly dimension: string;
  readonly results: readonly GrowthResult[];
  readonly left: number;
  readonly top: number;
  readonly width: number;
}

/** A panel for each thing that grows. Undefined when it was not measured. */
export function growthChart(results: Results): string | undefined {
  const { growth = [] } = results;
  if (growth.length === 0) return undefined;
  const requests = [...new Set(growth.map(({ request }) => request))];
  const dimensions = [...new Set(growth.map(({ dimension }) => dimension))];
  const ofDimension = (dimension: string) => growth.filter((result) => result.dimension === dimension);

  const columns = Math.min(COLUMNS, dimensions.length);
  const outerWidth = (WIDTH - 2 * MARGIN - (columns - 1) * GAP) / columns;
  const legendHeight = Math.max(...dimensions.map((dimension) => ofDimension(dimension).length)) * LEGEND_LINE;
  const outerHeight = ABOVE + PLOT_HEIGHT + BELOW + legendHeight;
  const panels = dimensions.map((dimension, index): Panel => ({
    dimension,
    results: ofDimension(dimension),
    left: MARGIN + (index % columns) * (outerWidth + GAP) + TICKS_WIDTH,
    top: HEADER_HEIGHT + Math.floor(index / columns) * (outerHeight + GAP) + ABOVE,
    width: outerWidth - TICKS_WIDTH,
  }));

  const rows = Math.ceil(dimensions.length / columns);
  return draw(HEADER_HEIGHT + rows * (outerHeight + GAP), {
    title: heading('How long a request takes as the data grows', results),
    legend: panels.map((panel) =>
      legend({
        orient: 'vertical',
        left: panel.left,
        top: panel.top + PLOT_HEIGHT + BELOW,
        itemGap: LEGEND_LINE - 14,
        data: panel.results.map(({ request }) => request),
      }),
    ),
    grid: panels.map(({ left, top, width }) => ({ left, top, width, height: PLOT_HEIGHT })),
    xAxis: panels.map(({ dimension }, gridIndex) => ({
      ...SCALE,
      type: 'log',
      gridIndex,
      name: dimension,
      nameLocation: 'middle',
      nameGap: 30,
      axisLine: { show: true, lineStyle: { color: COLORS.gray } },
      axisLabel: { ...LABEL, formatter: compact },
    })),
    yAxis: panels.map((_, gridIndex) => ({
      ...SCALE,
      type: 'value',
      gridIndex,
      min: 0,
      name: 'p50, ms',
    })),
    series: panels.flatMap((panel, index) =>
      panel.results.map(({ request, points }) => ({
        ...STILL,
        type: 'line',
        name: request,
        color: LINE_COLORS[requests.indexOf(request) % LINE_COLORS.length] ?? COLORS.gray,
        xAxisIndex: index,
        yAxisIndex: index,
        symbol: 'circle',
        symbolSize: 7,
        lineStyle: { width: 2 },
        data: points.map(({ size, p50 }) => [size, p50.median]),
      })),
    ),
  });
}
