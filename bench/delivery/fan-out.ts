import type { Cast } from '../data/cast.js';
import type { BenchDatabase } from '../data/database.js';
import { drive, type Load } from '../load/drive.js';
import { Receivers } from '../load/receivers.js';
import type { Options } from '../options.js';
import { send, sendToEach, type Request } from '../requests.js';
import { startBroadcast } from '../servers/broadcast.js';
import { startLimit } from '../servers/limit.js';
import { startMessenger } from '../servers/messenger.js';
import type { RunningServer } from '../servers/process.js';
import { cpuSecondsOf } from '../servers/usage.js';
import { spread, type Spread } from '../statistics.js';
import { audienceOf, type Audience } from './audiences.js';
import { broadcastOf, frameOf } from './broadcasts.js';

/** What a server did with messages that each went to an audience. */
export interface DeliveryFigures {
  readonly messagesPerSecond: Spread;
  readonly deliveriesPerSecond: Spread;
  /** CPU of the server for a delivery, in µs. */
  readonly cpu: number | null;
  /** Deliveries that were due and did not come, of all rounds together. */
  readonly missing: number;
}

export interface FanOutResult {
  readonly members: number;
  /** How many messages are in flight. */
  readonly connections: number;
  readonly messenger: DeliveryFigures;
  /** A bare `ws` process. */
  readonly bare: DeliveryFigures;
  /** Deliveries a second of the messenger for one of the bare process's, round by round. */
  readonly ratio: Spread;
  /** Messages a second of the messenger for a send of the limit server's, which commits each by itself. */
  readonly perOneCommitSend: {
    /** All sends go to one chat, as the messages do. */
    readonly oneChat: Spread;
    /** Each send in flight goes to another chat, so that none waits for another's lock. */
    readonly manyChats: Spread;
  };
}

/** How many people in a chat are online, and how many connections write to them. */
const CASES = [
  { members: 2, connections: 16 },
  { members: 2, connections: 64 },
  { members: 50, connections: 16 },
  { members: 500, connections: 16 },
  { members: 2000, connections: 16 },
] as const;

interface Servers {
  readonly messenger: RunningServer;
  readonly limit: RunningServer;
  readonly bare: RunningServer;
}

interface Measurement {
  readonly messagesPerSecond: number;
  readonly deliveriesPerSecond: number;
  readonly deliveries: number;
  readonly cpuSeconds: number | undefined;
  readonly missing: number;
}

/** Persisted messages to those of a chat who are online, beside a process that only broadcasts. */
export async function measureFanOut(
  database: BenchDatabase,
  cast: Cast,
  options: Options,
  folder: string,
  say: (line: string) => void,
): Promise<FanOutResult[]> {
  const messenger = await startMessenger(database, folder);
  const servers = { messenger, limit: await startLimit(database, folder), bare: await startBroadcast(folder) };
  const results: FanOutResult[] = [];
  for (const { members, connections } of CASES) {
    const audience = await audienceOf(members, options.users);
    if (!audience) continue;
    const result = await measureAudience(audience, connections, servers, sendToEach(cast), options);
    say(`${members} members online: ${result.ratio.median.toFixed(2)} of a bare broadcast`);
    results.push(result);
  }
  await Promise.all(Object.values(servers).map((server) => server.stop()));
  return results;
}

async function measureAudience(
  audience: Audience,
  connections: number,
  { messenger, limit, bare }: Servers,
  oneCommitSends: Request[],
  { rounds, warmUpSeconds, seconds }: Options,
): Promise<FanOutResult> {
  const ours = new Receivers();
  const theirs = new Receivers();
  const tokens = audience.members.map(({ token }) => token);
  await ours.open(messenger.url, tokens);
  await theirs.open(bare.url, tokens);
  const messages = messagesTo(audience);
  const frame = await frameOf(messages[0]!, audience.members[0]!, messenger);
  const broadcasts = messages.map((message) => broadcastOf(frame, message));
  const measured: { ours: Measurement; theirs: Measurement; oneChat: number; manyChats: number }[] = [];
  for (let round = 0; round < rounds; round++) {
    const measure = async (server: RunningServer, requests: Request[], receivers: Receivers) => {
      const load = { url: server.url, requests, connections };
      const warmUp = await deliver(audience, server, receivers, { ...load, until: { seconds: warmUpSeconds } });
      // A number of them, so that each is answered, and what is due is known.
      const count = Math.max(connections, Math.ceil(warmUp.messagesPerSecond * seconds));
      return deliver(audience, server, receivers, { ...load, until: { requests: count } });
    };
    // Never to the audience's chat: what the limit server writes there, the messenger would have to make up for.
    const commit = async (requests: Request[]) => {
      return (await drive({ url: limit.url, requests, connections, until: { seconds } })).perSecond;
    };
    measured.push({
      ours: await measure(messenger, messages, ours),
      theirs: await measure(bare, broadcasts, theirs),
      oneChat: await commit(oneCommitSends.slice(0, 1)),
      manyChats: await commit(oneCommitSends),
    });
  }
  ours.end();
  theirs.end();
  return {
    members: audience.members.length,
    connections,
    messenger: figures(measured.map((round) => round.ours)),
    bare: figures(measured.map((round) => round.theirs)),
    ratio: spread(measured.map((round) => round.ours.deliveriesPerSecond / round.theirs.deliveriesPerSecond)),
    perOneCommitSend: {
      oneChat: spread(measured.map((round) => round.ours.messagesPerSecond / round.oneChat)),
      manyChats: spread(measured.map((round) => round.ours.messagesPerSecond / round.manyChats)),
    },
  };
}

function messagesTo({ authors, chatId }: Audience): Request[] {
  return authors.map((author) => send(author, chatId));
}

async function deliver(
  audience: Audience,
  server: RunningServer,
  receivers: Receivers,
  load: Load,
): Promise<Measurement> {
  // What was still under way when the last one ended does not count.
  await receivers.untilQuiet();
  await receivers.begin();
  const cpuBefore = cpuSecondsOf(server.pid);
  const started = performance.timeOrigin + performance.now();
  const { statuses } = await drive(load);
  const messages = statuses[200] ?? 0;
  const due = messages * audience.members.length;
  const { frames, lastAt } = await receivers.readUntil(due);
  const cpuAfter = cpuSecondsOf(server.pid);
  const elapsed = (lastAt - started) / 1000;
  return {
    messagesPerSecond: messages / elapsed,
    deliveriesPerSecond: frames / elapsed,
    deliveries: frames,
    cpuSeconds: cpuBefore === undefined || cpuAfter === undefined ? undefined : cpuAfter - cpuBefore,
    missing: due - frames,
  };
}

function figures(measurements: readonly Measurement[]): DeliveryFigures {
  const sum = (of: (measurement: Measurement) => number) => measurements.reduce((total, item) => total + of(item), 0);
  const isKnown = measurements.every(({ cpuSeconds }) => cpuSeconds !== undefined);
  const cpu = isKnown ? (sum(({ cpuSeconds = 0 }) => cpuSeconds) / sum(({ deliveries }) => deliveries)) * 1e6 : null;
  return {
    messagesPerSecond: spread(measurements.map(({ messagesPerSecond }) => messagesPerSecond)),
    deliveriesPerSecond: spread(measurements.map(({ deliveriesPerSecond }) => deliveriesPerSecond)),
    cpu,
    missing: sum(({ missing }) => missing),
  };
}
