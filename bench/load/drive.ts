import { createHistogram } from 'node:perf_hooks';
import autocannon from 'autocannon';
import type { Request, RequestMaker } from '../requests.js';

export interface Load {
  readonly url: string;
  readonly requests: Request[] | RequestMaker;
  readonly connections: number;
  /** How long, or how many requests, until the last of them is answered. */
  readonly until: { readonly seconds: number } | { readonly requests: number };
  /** Requests a second of all connections together; undefined: as many as are answered. */
  readonly rate?: number;
}

/** What came of a load. Times are milliseconds from the writing of a request to its whole answer. */
export interface Figures {
  /** Answers of 200 a second. */
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  /** Answers by status. */
  readonly statuses: Record<string, number>;
  /** Answers 503 that do not say when to come back. */
  readonly withoutRetryAfter: number;
  /** Requests without an answer: broken connections and those that waited for ten seconds. */
  readonly unanswered: number;
  readonly seconds: number;
}

/** Answers other than 200, and requests without an answer. */
export function errorsOf({ statuses, unanswered }: Pick<Figures, 'statuses' | 'unanswered'>): number {
  const others = Object.entries(statuses).filter(([status]) => status !== '200');
  return others.reduce((sum, [, count]) => sum + count, unanswered);
}

const NANOSECONDS = 1e6;

/** Drives a server; p50 and p99 are of the answers 200 alone, of which there may be none. */
export async function drive({ url, requests, connections, until, rate }: Load): Promise<Figures> {
  const times = createHistogram();
  const statuses: Record<string, number> = {};
  let withoutRetryAfter = 0;
  let connection = 0;
  const started = performance.now();
  const { errors } = await autocannon({
    url,
    connections,
    ...('seconds' in until ? { duration: until.seconds } : { amount: until.requests }),
    // How exactly the duration is kept.
    sampleInt: 100,
    excludeErrorStats: true,
    ...(rate !== undefined && { overallRate: rate, ignoreCoordinatedOmission: true }),
    setupClient: (client) => {
      const first = connection++ * FIRST_REQUESTS_APART;
      client.setRequests(Array.isArray(requests) ? some(requests, first, connections).map(copy) : [made(requests)]);
      // Its types say something else of this event.
      client.on('headers', (parsed: unknown) => {
        const { statusCode, headers } = parsed as ParsedHeaders;
        if (statusCode === UNAVAILABLE && !headers.some(isRetryAfter)) withoutRetryAfter++;
      });
      client.on('response', (status, _bytes, milliseconds) => {
        statuses[status] = (statuses[status] ?? 0) + 1;
        if (status !== OK) return;
        times.record(Math.max(1, Math.round(milliseconds * NANOSECONDS)));
      });
    },
  });
  const elapsed = (performance.now() - started) / 1000;
  return {
    perSecond: times.count / elapsed,
    p50: times.percentile(50) / NANOSECONDS,
    p99: times.percentile(99) / NANOSECONDS,
    max: times.max / NANOSECONDS,
    statuses,
    withoutRetryAfter,
    unanswered: errors,
    seconds: elapsed,
  };
}

const OK = 200;
const UNAVAILABLE = 503;

interface ParsedHeaders {
  readonly statusCode: number;
  /** Names and values in turn. */
  readonly headers: string[];
}

function isRetryAfter(header: string): boolean {
  return header.toLowerCase() === 'retry-after';
}

/** Each connection begins elsewhere, or all of them would ask for the same at once. */
const FIRST_REQUESTS_APART = 7;

/** Preparing each of them takes time. */
const REQUESTS_OF_A_CONNECTION = 10;

/** Those that a connection goes round; all connections together go round all. */
function some<T>(items: readonly T[], first: number, connections: number): T[] {
  const start = first % items.length;
  const count = Math.max(REQUESTS_OF_A_CONNECTION, Math.ceil(items.length / connections));
  return [...items.slice(start), ...items.slice(0, start)].slice(0, count);
}

/** autocannon writes the length of the body among the headers that it is given. */
function copy(request: Request): Request {
  return { ...request, headers: { ...request.headers } };
}

function made(make: RequestMaker): autocannon.Request {
  return { ...make(), setupRequest: (request) => ({ ...request, ...make() }) };
}
