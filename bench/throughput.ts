import { isDeepStrictEqual } from 'node:util';
import { makeCast, type Cast } from './data/cast.js';
import type { BenchDatabase } from './data/database.js';
import { drive, errorsOf, type Figures } from './load/drive.js';
import type { Options } from './options.js';
import { HOT_REQUESTS, type HotRequest, type Request } from './requests.js';
import { startCountingProxy } from './servers/counting-proxy.js';
import { startBaseline } from './servers/baseline.js';
import { startMessenger } from './servers/messenger.js';
import type { RunningServer } from './servers/process.js';
import { cpuSecondsOf, cpuSecondsOfPostgres, findPostmaster } from './servers/usage.js';
import { spread, type Spread } from './statistics.js';

/** What a server did with a hot request, over all rounds. Times are milliseconds. */
export interface ServerResult {
  readonly perSecond: Spread;
  readonly p50: Spread;
  readonly p99: Spread;
  /** Answers other than 200, and requests without an answer, of all rounds together. */
  readonly errors: number;
  /** CPU seconds for a thousand requests; null where it is not known. */
  readonly serverCpu: number | null;
  readonly databaseCpu: number | null;
  /** Statements for a request; null for a server whose database is not known. */
  readonly statements: number | null;
}

export interface ThroughputResult {
  readonly request: string;
  readonly connections: number;
  /** Of the original implementation, where it was measured. */
  readonly originalPerSecond: number | null;
  readonly messenger: ServerResult;
  readonly baseline: ServerResult;
  readonly peer: ServerResult | null;
  /** Requests a second of the messenger for one of the baseline's, round by round. */
  readonly ratio: Spread;
}

const SERVERS = ['messenger', 'baseline', 'peer'] as const;
type ServerName = (typeof SERVERS)[number];

interface Measured {
  readonly server: RunningServer;
  readonly cast: Cast;
}

type Contestants = Record<'messenger' | 'baseline', Measured> & { peer?: Measured };

interface Measurement extends Figures {
  readonly serverCpu: number | null;
  readonly databaseCpu: number | null;
}

/** Each hot request, the servers in turn, several rounds. */
export async function measureThroughput(
  database: BenchDatabase,
  cast: Cast,
  options: Options,
  folder: string,
  say: (line: string) => void,
): Promise<ThroughputResult[]> {
  const hotRequests = HOT_REQUESTS.filter(({ name }) => name.includes(options.only ?? ''));
  const contestants = await start(database, cast, options, folder);
  try {
    await compareAnswers(hotRequests, contestants);
    const statements = await Promise.all(
      [startMessenger, startBaseline].map((one) => countStatements(one, database, cast, hotRequests, folder)),
    );
    const postmaster = await findPostmaster(database.url);
    const results: ThroughputResult[] = [];
    for (const hotRequest of hotRequests) {
      const rounds = await measureRounds(hotRequest, contestants, options, postmaster);
      const result = summarize(
        hotRequest,
        rounds,
        statements.map((counts) => counts.get(hotRequest.name) ?? null),
      );
      say(`${hotRequest.name}: ${result.ratio.median.toFixed(2)} of the baseline`);
      results.push(result);
    }
    return results;
  } finally {
    await Promise.all([contestants.messenger.server.stop(), contestants.baseline.server.stop()]);
  }
}

async function start(database: BenchDatabase, cast: Cast, { peer }: Options, folder: string): Promise<Contestants> {
  const [messenger, baseline] = await Promise.all([startMessenger(database, folder), startBaseline(database, folder)]);
  return {
    messenger: { server: messenger, cast },
    baseline: { server: baseline, cast },
    ...(peer && {
      peer: {
        server: { url: peer, pid: undefined, stop: () => Promise.resolve() },
        cast: await makeCast(peer),
      },
    }),
  };
}

/** How many answers to a request are compared. */
const COMPARED = 10;

/** The baseline would be quick, too, if it answered with something else. */
async function compareAnswers(hotRequests: readonly HotRequest[], { messenger, baseline }: Contestants): Promise<void> {
  for (const { name, requests } of hotRequests) {
    const list = requests(messenger.cast);
    if (!Array.isArray(list)) continue;
    for (const request of list.filter(({ method }) => method === 'GET').slice(0, COMPARED)) {
      const [ours, theirs] = await Promise.all([ask(messenger, request), ask(baseline, request)]);
      if (!isDeepStrictEqual(ours, theirs)) {
        throw new Error(`${name}: not the same answer.\n${JSON.stringify(ours)}\n${JSON.stringify(theirs)}`);
      }
    }
  }
}

async function ask({ server }: Measured, { path, ...init }: Request): Promise<unknown> {
  const response = await fetch(server.url + path, init);
  const body: unknown = await response.json();
  return { status: response.status, body };
}

/** How many requests of each connection are counted. */
const COUNTED = 20;

/** Statements for a request, by the name of the request. */
type StatementCounts = Map<string, number>;

/** In a run of its own, because counting takes time. */
async function countStatements(
  startServer: (database: BenchDatabase, folder: string) => Promise<RunningServer>,
  database: BenchDatabase,
  cast: Cast,
  hotRequests: readonly HotRequest[],
  folder: string,
): Promise<StatementCounts> {
  const proxy = await startCountingProxy(database.url);
  const server = await startServer({ ...database, url: proxy.url }, folder);
  const counts: StatementCounts = new Map();
  for (const { name, requests, connections, minSeconds } of hotRequests) {
    const counted = (minSeconds === undefined ? COUNTED : 1) * connections;
    const load = { url: server.url, requests: requests(cast), connections, until: { requests: counted } };
    await drive(load);
    const before = proxy.count();
    await drive(load);
    counts.set(name, (proxy.count() - before) / counted);
  }
  await server.stop();
  proxy.close();
  return counts;
}

type Rounds = Partial<Record<ServerName, Measurement[]>>;

async function measureRounds(
  { requests, connections, minSeconds = 0 }: HotRequest,
  contestants: Contestants,
  { rounds, seconds, warmUpSeconds }: Options,
  postmaster: number | undefined,
): Promise<Rounds> {
  const measurements: Rounds = {};
  for (let round = 0; round < rounds; round++) {
    for (const name of SERVERS) {
      const measured = contestants[name];
      if (!measured) continue;
      const { server, cast } = measured;
      const load = { url: server.url, requests: requests(cast), connections };
      await drive({ ...load, until: { seconds: warmUpSeconds } });
      const before = { server: cpuSecondsOf(server.pid), database: cpuSecondsOfPostgres(postmaster) };
      const figures = await drive({ ...load, until: { seconds: Math.max(seconds, minSeconds) } });
      const used = (start: number | undefined, end: number | undefined) => {
        return start === undefined || end === undefined ? null : end - start;
      };
      (measurements[name] ??= []).push({
        ...figures,
        serverCpu: used(before.server, cpuSecondsOf(server.pid)),
        databaseCpu: name === 'peer' ? null : used(before.database, cpuSecondsOfPostgres(postmaster)),
      });
    }
  }
  return measurements;
}

function summarize(
  { name, connections, original }: HotRequest,
  rounds: Rounds,
  [ours = null, theirs = null]: readonly (number | null)[],
): ThroughputResult {
  const { messenger = [], baseline = [], peer } = rounds;
  const ratios = messenger.map(({ perSecond }, round) => perSecond / (baseline[round]?.perSecond ?? NaN));
  return {
    request: name,
    connections,
    originalPerSecond: original ?? null,
    messenger: serverResult(messenger, ours),
    baseline: serverResult(baseline, theirs),
    peer: peer ? serverResult(peer, null) : null,
    ratio: spread(ratios),
  };
}

function serverResult(measurements: readonly Measurement[], statements: number | null): ServerResult {
  const sum = (of: (measurement: Measurement) => number) => measurements.reduce((total, item) => total + of(item), 0);
  const answered = (statuses: Record<string, number>) => Object.values(statuses).reduce((a, b) => a + b, 0);
  const thousands = sum(({ statuses }) => answered(statuses)) / 1000;
  const perThousand = (of: (measurement: Measurement) => number | null) => {
    return measurements.some((item) => of(item) === null) ? null : sum((item) => of(item) ?? 0) / thousands;
  };
  return {
    perSecond: spread(measurements.map(({ perSecond }) => perSecond)),
    p50: spread(measurements.map(({ p50 }) => p50)),
    p99: spread(measurements.map(({ p99 }) => p99)),
    errors: sum(errorsOf),
    serverCpu: perThousand((item) => item.serverCpu),
    databaseCpu: perThousand((item) => item.databaseCpu),
    statements,
  };
}
