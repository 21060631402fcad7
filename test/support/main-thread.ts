import type { Page } from 'playwright-core';

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  /** In microseconds: by the clock, and of the processor for this thread alone. */
  readonly dur?: number;
  readonly tdur?: number;
  readonly args: { readonly name?: string };
}

/** A task of the thread that draws a page. */
export interface Task {
  /** How long it took, and how much of the processor: on a machine that others use as well, that is less. */
  readonly ms: number;
  readonly processorMs: number;
  /** What it did for longest, with its processor time in ms. */
  readonly parts: readonly string[];
}

const TASK = 'RunTask';
const RENDERER = 'CrRendererMain';

/** The tasks of all pages while something happens, those first that needed most of the processor. */
export async function tasksDuring(page: Page, happen: () => Promise<void>): Promise<Task[]> {
  const browser = page.context().browser()!;
  await browser.startTracing(page, {
    categories: ['devtools.timeline', 'disabled-by-default-devtools.timeline', 'v8', 'toplevel'],
  });
  await happen();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  const keyOf = ({ pid, tid }: TraceEvent) => `${pid} ${tid}`;
  const renderers = new Set(traceEvents.filter(isRenderer).map(keyOf));
  const events = traceEvents.filter((event) => renderers.has(keyOf(event)) && event.dur !== undefined);
  const tasks = events.filter(({ name }) => name === TASK);
  return tasks
    .sort((one, other) => processorMs(other) - processorMs(one))
    .map((task, index) => ({
      ms: task.dur! / 1000,
      processorMs: processorMs(task),
      // Of the longest ones only: there are many.
      parts: index < 3 ? partsOf(task, events) : [],
    }));
}

function isRenderer({ ph, name, args }: TraceEvent): boolean {
  return ph === 'M' && name === 'thread_name' && args.name === RENDERER;
}

function processorMs({ tdur, dur = 0 }: TraceEvent): number {
  return (tdur ?? dur) / 1000;
}

function partsOf(task: TraceEvent, events: readonly TraceEvent[]): string[] {
  const within = events.filter(({ name, pid, ts }) => {
    return name !== TASK && pid === task.pid && ts >= task.ts && ts <= task.ts + task.dur!;
  });
  const sums = new Map<string, number>();
  for (const event of within) sums.set(event.name, (sums.get(event.name) ?? 0) + processorMs(event));
  const longest = [...sums].sort(([, one], [, other]) => other - one).slice(0, 6);
  return longest.map(([name, ms]) => `${name} ${ms.toFixed(1)}`);
}
