import { createHistogram } from 'node:perf_hooks';

const NANOSECONDS = 1e6;

/** Milliseconds on a clock that all processes of a machine share. */
export function now(): number {
  return Number(process.hrtime.bigint()) / NANOSECONDS;
}

/** How long something took, in milliseconds. */
export class Times {
  readonly #histogram = createHistogram();

  add(milliseconds: number): void {
    // A histogram begins at 1.
    this.#histogram.record(Math.max(1, Math.round(milliseconds * NANOSECONDS)));
  }

  /** 0 where nothing was added. */
  figures() {
    const { count, max } = this.#histogram;
    const percentile = (percent: number) => this.#histogram.percentile(percent) / NANOSECONDS;
    const [p50, p95, p99] = [percentile(50), percentile(95), percentile(99)];
    return { count, p50, p95, p99, max: count === 0 ? 0 : max / NANOSECONDS };
  }
}

const CONTENTS = '"contents":"@';

/** Contents of a message that say when it was sent. */
export function timed(): string {
  return `@${now()}@`;
}

/** The same frame as if its message had been sent now. */
export function timedAgain(frame: string): string {
  return frame.replace(/@[\d.]+@/, timed());
}

/** When the message in a frame was sent; undefined: it does not say. */
export function sentAt(frame: Buffer): number | undefined {
  const start = frame.indexOf(CONTENTS);
  if (start === -1) return undefined;
  const from = start + CONTENTS.length;
  return Number(frame.toString('latin1', from, frame.indexOf('@', from)));
}
