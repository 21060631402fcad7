import { metrics } from '../../src/shared/metrics.js';

/** Of what a sample counted so far: the value of a counter or gauge, the number of observations of a histogram. */
export async function count(name: string, labels: Record<string, string | number> = {}): Promise<number> {
  const metric = metrics.getSingleMetric(name);
  if (!metric) throw new Error(`There is no metric ${name}.`);
  const { values } = (await metric.get()) as {
    values: { metricName?: string; labels: Record<string, string | number>; value: number }[];
  };
  return values
    .filter(({ metricName }) => metricName === undefined || !/_(bucket|sum)$/.test(metricName))
    .filter((sample) => Object.entries(labels).every(([label, value]) => sample.labels[label] === value))
    .reduce((sum, { value }) => sum + value, 0);
}

/** By how much a sample grows while something is done. Other tests of this process are not under way meanwhile. */
export async function growth(work: () => Promise<unknown>, ...sample: Parameters<typeof count>): Promise<number> {
  const before = await count(...sample);
  await work();
  return (await count(...sample)) - before;
}
