import type { EChartsOption, LegendComponentOption, TitleComponentOption } from 'echarts';
import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TitleComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import type { Results } from '../results.js';
import { databaseName, dayOf } from './facts.js';

use([BarChart, LineChart, GridComponent, LegendComponent, TitleComponent, SVGRenderer]);

export const WIDTH = 960;
/** Where a chart begins below its title and subtitle. */
export const HEADER_HEIGHT = 76;
/** Left and right of everything. */
export const MARGIN = 24;

const FONT = 'Helvetica, Arial, sans-serif';
export const COLORS = { text: '#1f2328', line: '#d1d9e0', blue: '#2563c9', gray: '#9aa5b1', orange: '#d9730d' };

/** Of axes and legends. */
export const LABEL = { color: COLORS.text, fontSize: 12, fontFamily: FONT };

/** Of numbers beside bars; with an edge, because they stand on the lines of the scale. */
export const VALUE_LABEL = { ...LABEL, show: true, textBorderColor: '#ffffff', textBorderWidth: 3 };

/** Of an axis with a scale. */
export const SCALE = {
  axisLabel: LABEL,
  nameTextStyle: LABEL,
  splitLine: { lineStyle: { color: COLORS.line } },
};

/** Of an axis with names. */
export const NAMES = {
  type: 'category' as const,
  axisLabel: { ...LABEL, interval: 0 },
  axisTick: { show: false },
  axisLine: { lineStyle: { color: COLORS.gray } },
};

/** Of every series: nobody points at a picture. */
export const STILL = { silent: true, emphasis: { disabled: true } };

export function heading(title: string, results: Results): TitleComponentOption {
  const { cpu, cores } = results.machine;
  return {
    text: title,
    subtext: `${cpu}, ${cores} cores · ${databaseName(results)} · ${dayOf(results)}`,
    left: MARGIN,
    top: 16,
    padding: 0,
    itemGap: 8,
    textStyle: { color: COLORS.text, fontSize: 18, fontFamily: FONT },
    subtextStyle: { color: '#59636e', fontSize: 13, fontFamily: FONT },
  };
}

export function legend(placed: LegendComponentOption): LegendComponentOption {
  return { textStyle: LABEL, padding: 0, itemWidth: 16, itemHeight: 12, ...placed };
}

/** The chart as an SVG file. */
export function draw(height: number, option: EChartsOption): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height });
  try {
    // White, because the page that shows it may be dark.
    chart.setOption({ animation: false, backgroundColor: '#ffffff', ...option });
    return `${asPicture(chart.renderToSVGString())}\n`;
  } finally {
    chart.dispose();
  }
}

/** Without styles under the mouse, which mean nothing in a picture, and without names that count the charts drawn. */
function asPicture(svg: string): string {
  return svg
    .replace(/<style[^]*<\/style>\n/, '')
    .replaceAll(/ (?:class|ecmeta_\w+)="[^"]*"/g, '')
    .replaceAll(/(?<= id="|="url\(#)zr\d+-/g, '');
}
