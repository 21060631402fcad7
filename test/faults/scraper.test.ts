import { afterEach, describe, expect, it } from 'vitest';
import { Scraper } from './scraper.js';

describe('what is read from /metrics', () => {
  const scraper = () => {
    const made = new Scraper([]);
    scrapers.push(made);
    return made;
  };
  const scrapers: Scraper[] = [];
  afterEach(() => {
    for (const made of scrapers.splice(0)) made.stop();
  });

  it('counts over a restart, and over all nodes', () => {
    const read = scraper();
    read.add('a', 'sends_total{route="/x"} 5\n');
    read.add('a', 'sends_total{route="/x"} 7\n');
    read.add('a', 'sends_total{route="/x"} 2\nsends_total{route="/y"} 1\n');
    read.add('b', 'sends_total{route="/x"} 10\n');
    expect(read.sum('sends_total')).toBe(20);
    expect(read.sum('sends_total', '"/x"')).toBe(19);
    expect(read.sum('sends')).toBe(0);
  });

  it('keeps the highest value of a gauge', () => {
    const read = scraper();
    for (const lag of [0.02, 0.5, 0.01]) read.add('a', `# HELP lag_seconds Lag.\nlag_seconds ${lag}\n`);
    expect(read.sum('lag_seconds')).toBe(0.5);
  });

  it('takes quantiles from the buckets of all nodes', () => {
    const read = scraper();
    const buckets = (ten: number, hundred: number, all: number) =>
      `t_bucket{le="0.01"} ${ten}\nt_bucket{le="0.1"} ${hundred}\nt_bucket{le="+Inf"} ${all}\n`;
    expect(read.quantileMs(0.5, 't')).toBeNaN();
    read.add('a', buckets(40, 50, 50));
    read.add('b', buckets(40, 49, 50));
    expect(read.quantileMs(0.4, 't')).toBeCloseTo(5);
    expect(read.quantileMs(0.8, 't')).toBeCloseTo(10);
    expect(read.quantileMs(0.9, 't')).toBeCloseTo(10 + (90 * 10) / 19);
    expect(read.quantileMs(1, 't')).toBeCloseTo(100);
  });
});
