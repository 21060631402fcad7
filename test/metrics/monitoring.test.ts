import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parser } from '@prometheus-io/lezer-promql';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { metrics } from '../../src/shared/metrics.js';

const FOLDER = join(import.meta.dirname, '../../deploy/monitoring');
const OPERATING = join(import.meta.dirname, '../../docs/operating.md');

interface Dashboard {
  readonly panels: readonly { readonly title: string; readonly targets: readonly { readonly expr: string }[] }[];
}
interface Rules {
  readonly groups: readonly { readonly rules: readonly { readonly alert: string; readonly expr: string }[] }[];
}

const dashboard = JSON.parse(await readFile(join(FOLDER, 'grafana-dashboard.json'), 'utf8')) as Dashboard;
const alerts = parse(await readFile(join(FOLDER, 'alerts.yml'), 'utf8')) as Rules;
const operating = await readFile(OPERATING, 'utf8');

/** Everything that the server exposes, with its labels. */
async function exposed(): Promise<Map<string, readonly string[]>> {
  const process = new Registry();
  collectDefaultMetrics({ register: process });
  const found = new Map<string, readonly string[]>([['up', ['job', 'instance']]]);
  for (const registry of [metrics, process]) {
    for (const { name } of await registry.getMetricsAsJSON()) {
      const { labelNames = [] } = registry.getSingleMetric(name) as unknown as { labelNames?: string[] };
      for (const suffix of ['', '_bucket', '_sum', '_count'])
        found.set(name + suffix, [...labelNames, 'le', 'instance', 'job']);
    }
  }
  return found;
}

/** The names of the metrics in an expression, and of the labels that it selects or groups by. */
function read(expr: string): { readonly names: string[]; readonly labels: string[]; readonly isWrong: boolean } {
  // Grafana puts a duration there.
  const text = expr.replaceAll('$__rate_interval', '5m');
  const names: string[] = [];
  const labels: string[] = [];
  let isWrong = false;
  parser.parse(text).iterate({
    enter: ({ type, from, to }) => {
      if (type.isError) isWrong = true;
      if (type.name === 'VectorSelector') names.push(/^[\w:]+/.exec(text.slice(from, to))?.[0] ?? '');
      if (type.name === 'LabelName') labels.push(text.slice(from, to));
    },
  });
  return { names, labels, isWrong };
}

const expressions = [
  ...dashboard.panels.flatMap(({ title, targets }) => targets.map(({ expr }) => [title, expr] as const)),
  ...alerts.groups.flatMap(({ rules }) => rules.map(({ alert, expr }) => [alert, expr] as const)),
];

describe('the dashboard and the alerts', () => {
  it.each(expressions)('ask for what the server exposes: %s', async (_name, expr) => {
    const known = await exposed();
    const { names, labels, isWrong } = read(expr);
    expect(isWrong, expr).toBe(false);
    expect(names).not.toEqual([]);
    for (const name of names) expect([...known.keys()]).toContain(name);
    const allowed = new Set(names.flatMap((name) => known.get(name) ?? []));
    for (const label of labels) expect([...allowed]).toContain(label);
  });

  it('would fail for a name, a label or a syntax that is wrong', async () => {
    const known = await exposed();
    expect(known.has(read('sum(rate(messenger_nothing_total[5m]))').names[0]!)).toBe(false);
    const { labels } = read('sum by (colour) (messenger_connections{kind="socket"})');
    expect(labels).toEqual(['colour', 'kind']);
    expect(known.get('messenger_connections')).not.toContain('colour');
    expect(read('sum(rate(messenger_connections[5m])').isWrong).toBe(true);
  });

  it('are explained, as is every metric of the server', async () => {
    const rules = alerts.groups.flatMap((group) => group.rules);
    expect(rules).toHaveLength(10);
    for (const { alert } of rules) expect(operating).toContain(`\`${alert}\``);
    for (const { name } of await metrics.getMetricsAsJSON()) expect(operating).toContain(`\`${name}\``);
  });
});
