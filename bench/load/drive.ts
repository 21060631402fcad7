import autocannon from 'autocannon';
import type { Request, RequestMaker } from '../requests.js';
import { Times } from './clock.js';

export interface Load {
  readonly url: string;
  readonly requests: Request[] | RequestMaker;
  readonly connections: number;
  /** How long, or how many requests, until the last of them is answered. */
  readonly until: { readonly seconds: number } | { readonly requests: number };
  /** Requests a second of all connections together; undefined: as many as are answered. */
  readonly rate?: number;
}

/** What came of a load. Times are milliseconds from the writing of a request to its whole answer, of the answers 200 alone. */
export interface Figures {
  readonly answers: number;
  /** Answers of 200. */
  readonly perSecond: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
  /** Answers by status. */
  readonly statuses: Record<string, number>;
  /** Answers other than 200, and requests without an answer: broken connections and those that waited for ten seconds. */
  readonly errors: number;
  readonly seconds: number;
}

/** Each connection begins elsewhere, or all of them would ask for the same at once. */
const FIRST_REQUESTS_APART = 7;
/** Preparing each of them takes time. */
const REQUESTS_OF_A_CONNECTION = 10;

/** Drives a server. */
export async function drive({ url, requests, connections, until, rate }: Load): Promise<Figures> {
  const times = new Times();
  const statuses: Record<string, number> = {};
  let [wrong, connection] = [0, 0];
  const started = performance.now();
  const { errors: unanswered } = await autocannon({
    url,
    connections,
    ...('seconds' in until ? { duration: until.seconds } : { amount: until.requests }),
    // How exactly the duration is kept.
    sampleInt: 100,
    excludeErrorStats: true,
    ...(rate !== undefined && { overallRate: rate, ignoreCoordinatedOmission: true }),
    setupClient: (client) => {
      const first = connection++ * FIRST_REQUESTS_APART;
      client.setRequests(Array.isArray(requests) ? some(requests, first, connections) : [made(requests)]);
      client.on('response', (status, _bytes, milliseconds) => {
        statuses[status] = (statuses[status] ?? 0) + 1;
        if (status === 200) times.add(milliseconds);
        else wrong++;
      });
    },
  });
  const seconds = (performance.now() - started) / 1000;
  const { count: answers, ...figures } = times.figures();
  return {
    ...figures,
    answers,
    perSecond: answers / seconds,
    statuses,
    errors: wrong + unanswered,
    seconds,
  };
}

/** Those that a connection goes round; all connections together go round all. */
function some(requests: readonly Request[], first: number, connections: number): Request[] {
  const start = first % requests.length;
  const count = Math.max(REQUESTS_OF_A_CONNECTION, Math.ceil(requests.length / connections));
  const these = [...requests.slice(start), ...requests.slice(0, start)].slice(0, count);
  // autocannon writes the length of the body among the headers that it is given.
  return these.map((request) => ({ ...request, headers: { ...request.headers } }));
}

function made(make: RequestMaker): autocannon.Request {
  return { ...make(), setupRequest: (request) => ({ ...request, ...make() }) };
}
