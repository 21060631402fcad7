import { setInterval } from 'node:timers';

const EVERY_MS = 1000;
const SAMPLE = /^(\w+)(\{.*\})? (\S+)$/gm;
const CUMULATIVE = /_(total|count|sum|bucket)$/;

/**
 * Reads `GET /metrics` of all nodes as Prometheus would: by how much counters grew, over all restarts, and the highest
 * value of gauges. What a node counted between the last reading and its end is lost.
 */
export class Scraper {
  readonly #urls: readonly string[];
  /** By node, and by series with its labels. */
  readonly #last = new Map<string, Map<string, number>>();
  readonly #values = new Map<string, number>();
  readonly #began = Date.now();
  readonly #timer: NodeJS.Timeout;

  constructor(urls: readonly string[]) {
    this.#urls = urls;
    this.#timer = setInterval(() => void this.scrape(), EVERY_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async scrape(): Promise<void> {
    await Promise.all(
      this.#urls.map(async (url) => {
        try {
          const response = await fetch(url, { signal: AbortSignal.timeout(EVERY_MS) });
          this.add(url, await response.text());
        } catch {
          // It is down, or frozen: the next reading goes on.
        }
      }),
    );
  }

  /** @param text what a node answered. */
  add(node: string, text: string): void {
    const last = this.#last.get(node) ?? new Map<string, number>();
    this.#last.set(node, last);
    for (const [, name = '', labels = '', value] of text.matchAll(SAMPLE)) {
      const series = name + labels;
      const now = Number(value);
      const sum = this.#values.get(series) ?? 0;
      const before = last.get(series) ?? 0;
      // A counter that is lower than it was has begun anew.
      const grown = now >= before ? now - before : now;
      this.#values.set(series, CUMULATIVE.test(name) ? sum + grown : Math.max(sum, now));
      last.set(series, now);
    }
  }

  /** The sum of a metric over all series whose labels have this text. */
  sum(name: string, labels = ''): number {
    let sum = 0;
    for (const [series, value] of this.#values) {
      if (series.replace(/\{.*/, '') === name && series.includes(labels)) sum += value;
    }
    return sum;
  }

  perSecond(name: string, labels = ''): number {
    return (this.sum(name, labels) * 1000) / (Date.now() - this.#began);
  }

  /** A quantile of a histogram in ms, as Prometheus' `histogram_quantile` takes it from the buckets; NaN without any. */
  quantileMs(quantile: number, name: string): number {
    const buckets = new Map<number, number>();
    for (const [series, value] of this.#values) {
      const bound = new RegExp(`^${name}_bucket\\{.*le="([^"]+)"`).exec(series)?.[1];
      if (bound === undefined) continue;
      const seconds = bound === '+Inf' ? Infinity : Number(bound);
      buckets.set(seconds, (buckets.get(seconds) ?? 0) + value);
    }
    const sorted = [...buckets].sort(([one], [other]) => one - other);
    const rank = quantile * (sorted.at(-1)?.[1] ?? NaN);
    let [lower, below] = [0, 0];
    for (const [bound, count] of sorted) {
      if (count >= rank) {
        const share = count === below ? 1 : (rank - below) / (count - below);
        return (bound === Infinity ? lower : lower + (bound - lower) * share) * 1000;
      }
      [lower, below] = [bound, count];
    }
    return NaN;
  }

  /** What an operator looks at first, by name. */
  summary(): [string, string][] {
    const ms = (value: number) => `${value.toPrecision(3)} ms`;
    const delivery = 'messenger_delivery_duration_seconds';
    const sends = this.perSecond(
      'messenger_http_request_duration_seconds_count',
      'route="/chat/:chat_id/message",status="200"',
    );
    const gaps = (what: string) => {
      const of = (log: string) => `${this.sum(`messenger_gaps_${what}_total`, `log="${log}"`)} of ${log}s`;
      return ['chat', 'user', 'join'].map(of).join(', ');
    };
    return [
      ['sends a second', sends.toPrecision(3)],
      ['commit to socket, p50', ms(this.quantileMs(0.5, delivery))],
      ['commit to socket, p99', ms(this.quantileMs(0.99, delivery))],
      ['event loop lag, highest p99', ms(this.sum('nodejs_eventloop_lag_p99_seconds') * 1000)],
      ['pool wait, p99', ms(this.quantileMs(0.99, 'messenger_database_pool_wait_seconds'))],
      ['gaps found', gaps('found')],
      ['gaps healed', gaps('healed')],
      ['stale sends', String(this.sum('messenger_stale_sends_total'))],
    ];
  }
}
