import { isDeepStrictEqual } from 'node:util';
import { cpuSecondsOf, cpuSecondsOfChildren } from '../../test/processes/usage.js';
import { CAST, makeCast, type Cast } from '../data/cast.js';
import { findPostmaster } from '../data/database.js';
import { databaseCalls } from '../load/database-calls.js';
import { drive, type Figures } from '../load/drive.js';
import { HOT_REQUESTS, type HotRequest, type Request } from '../requests.js';
import { inTurns, medianOf, ratio, sumOf } from '../rounds.js';
import type { Section } from '../section.js';
import { startBaseline, startMessenger, type RunningServer } from '../servers/servers.js';
import type { Bench } from './index.js';

interface Contestant {
  readonly server: Omit<RunningServer, 'stop'>;
  readonly cast: Cast;
}

/** CPU seconds and calls of the database; NaN where they are not known. */
type Round = Figures & { readonly serverCpu: number; readonly databaseCpu: number; readonly calls: number };

/** Each hot request, the servers in turn, several rounds. */
export async function measureThroughput({ database, options, folder, say }: Bench): Promise<Section[]> {
  const { rounds, peer } = options;
  const hotRequests = HOT_REQUESTS.filter(({ name }) => name.includes(options.only));
  const [messenger, baseline] = [await startMessenger(database, folder), await startBaseline(database, folder)];
  const contestants: Record<string, Contestant> = {
    messenger: { server: messenger, cast: CAST },
    baseline: { server: baseline, cast: CAST },
    ...(peer !== undefined && { peer: { server: { url: peer }, cast: await makeCast(peer) } }),
  };
  for (const { name, requests } of hotRequests) await compareAnswers(name, requests(CAST), messenger, baseline);
  const postmaster = await findPostmaster(database.url);
  const names = Object.keys(contestants);
  const rows = [];
  for (const hotRequest of hotRequests) {
    const { name, connections, original } = hotRequest;
    const one = (of: string) => () => measure(hotRequest, contestants[of]!, options, postmaster);
    const measured = await inTurns(
      rounds,
      Object.fromEntries(names.map((contestant) => [contestant, one(contestant)])),
    );
    const each = (of: (rounds: readonly Round[]) => number) => Object.values(measured).map(of);
    const median = (of: (round: Round) => number) => each((all) => medianOf(all, of));
    const perRequest = (of: (round: Round) => number) => {
      return each((all) => sumOf(all, of) / sumOf(all, ({ answers, errors }) => answers + errors));
    };
    const [ours, theirs, peers] = Object.values(measured);
    const perSecond = (round: Round) => round.perSecond;
    rows.push({
      Request: name,
      Connections: connections,
      'Requests/s': median(perSecond),
      Ratio: ratio(ours!, theirs!, perSecond),
      'p50, ms': median(({ p50 }) => p50),
      'p99, ms': median(({ p99 }) => p99),
      Errors: each((all) => sumOf(all, ({ errors }) => errors)),
      'Server CPU, ms': perRequest(({ serverCpu }) => serverCpu * 1000),
      'Database CPU, ms': perRequest(({ databaseCpu }) => databaseCpu * 1000),
      'Database calls': perRequest(({ calls }) => calls)[0]!,
      'Times the original': original === undefined ? NaN : medianOf(ours!, perSecond) / original,
      ...(peers && { 'Ratio to the peer': ratio(ours!, peers, perSecond) }),
    });
    say(`${name}: ${ratio(ours!, theirs!, perSecond).median.toFixed(2)} of the baseline`);
  }
  await Promise.all([messenger.stop(), baseline.stop()]);
  const text =
    `Where there are several numbers: ${names.join(' / ')}. CPU is that of one request. Database calls are those of the ` +
    'messenger; the baseline has one for each request.';
  return [{ title: 'Throughput', text, rows }];
}

/** How many answers to a request are compared. */
const COMPARED = 10;

/** The baseline would be quick, too, if it answered with something else. */
async function compareAnswers(name: string, requests: unknown, ...servers: readonly RunningServer[]): Promise<void> {
  if (!Array.isArray(requests)) return;
  const reads = (requests as Request[]).filter(({ method }) => method === 'GET').slice(0, COMPARED);
  for (const { path, ...init } of reads) {
    const ask = async ({ url }: RunningServer) => {
      const response = await fetch(url + path, init);
      return { status: response.status, body: (await response.json()) as unknown };
    };
    const [ours, theirs] = await Promise.all(servers.map(ask));
    if (isDeepStrictEqual(ours, theirs)) continue;
    throw new Error(`${name}: not the same answer.\n${JSON.stringify(ours)}\n${JSON.stringify(theirs)}`);
  }
}

async function measure(
  { requests, connections, minSeconds = 0 }: HotRequest,
  { server, cast }: Contestant,
  { seconds, warmUpSeconds }: Bench['options'],
  postmaster: number | undefined,
): Promise<Round> {
  const load = { url: server.url, requests: requests(cast), connections };
  const used = async () => {
    const databaseCpu = server.pid === undefined ? NaN : cpuSecondsOfChildren(postmaster);
    return [cpuSecondsOf(server.pid), databaseCpu, await databaseCalls(server)];
  };
  await drive({ ...load, until: { seconds: warmUpSeconds } });
  const before = await used();
  const figures = await drive({ ...load, until: { seconds: Math.max(seconds, minSeconds) } });
  const [serverCpu, databaseCpu, calls] = (await used()).map((after, at) => after - before[at]!);
  return { ...figures, serverCpu: serverCpu!, databaseCpu: databaseCpu!, calls: calls! };
}
