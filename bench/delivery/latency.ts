import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchDatabase } from '../data/database.js';
import { contentsOf, timed } from '../load/clock.js';
import { probe } from '../load/probe.js';
import { Receivers } from '../load/receivers.js';
import type { Options } from '../options.js';
import { send, type Request, type RequestMaker } from '../requests.js';
import { startBroadcast } from '../servers/broadcast.js';
import { startBaseline } from '../servers/baseline.js';
import { startMessenger } from '../servers/messenger.js';
import type { RunningServer } from '../servers/process.js';
import { spread, type Spread } from '../statistics.js';
import { audienceOf, type Audience } from './audiences.js';
import { broadcastOf, frameOf } from './broadcasts.js';
import { turns } from './turns.js';

/** How long messages take at a steady rate. Times are ms. */
export interface LatencyResult {
  readonly members: number;
  readonly via: Route['via'];
  readonly messagesPerSecond: number;
  /** Of all rounds together. */
  readonly messages: number;
  /** From asking to the answer. */
  readonly send: Times;
  /** What there is when somebody receives: null for the baseline, which delivers nothing. */
  readonly receive: Receiving | null;
  /** Answers other than 200, and requests without an answer, of all rounds together. */
  readonly errors: number;
  /** How late the generator was at asking, which the times do not contain. */
  readonly delayP99: Spread;
}

interface Times {
  readonly p50: Spread;
  readonly p99: Spread;
}

/** From asking to the arrival at a member. */
interface Receiving extends Times {
  /** p99 of receiving for p50 of sending, round by round. */
  readonly ratio: Spread;
  /** Deliveries that were due and did not come, and that came and were not due, of all rounds together. */
  readonly missing: number;
  readonly surplus: number;
}

interface Route {
  /** "baseline": a commit of the same message at the same rate, and no more. */
  readonly via: 'baseline' | 'bare process' | 'one node' | 'two nodes';
  readonly sending: RunningServer;
  /** undefined: nobody is told. */
  readonly receiving?: RunningServer;
  /** Whether it takes some seconds to settle after those who received have left: who was online is written down. */
  readonly settles?: boolean;
  /** Makes what is asked, which says when. */
  readonly requestsTo: (audience: Audience) => RequestMaker | Promise<RequestMaker>;
}

/** A moderate rate for an audience of each size: an eighth of what the bare process can. */
const RATES: readonly { readonly members: number; readonly perSecond: number }[] = [
  { members: 2, perSecond: 200 },
  { members: 50, perSecond: 100 },
  { members: 500, perSecond: 40 },
];

/** @param redisUrl where two nodes meet; without it only one is measured. */
export async function measureLatency(
  database: BenchDatabase,
  options: Options,
  redisUrl: string | undefined,
  folder: string,
): Promise<LatencyResult[]> {
  const baseline = await startBaseline(database, folder);
  const bare = await startBroadcast(folder);
  const alone = await startMessenger(database, folder);
  const pair = redisUrl === undefined ? [] : await startPair(database, folder, redisUrl);
  const [sending, receiving] = pair;
  const routes: Route[] = [
    { via: 'baseline', sending: baseline, requestsTo: messagesTo },
    { via: 'bare process', sending: bare, receiving: bare, requestsTo: (audience) => broadcastsTo(audience, alone) },
    { via: 'one node', sending: alone, receiving: alone, settles: true, requestsTo: messagesTo },
  ];
  if (sending && receiving)
    routes.push({ via: 'two nodes', sending, receiving, settles: true, requestsTo: messagesTo });
  const receivers = new Receivers();
  const results: LatencyResult[] = [];
  for (const { members, perSecond } of RATES) {
    const audience = await audienceOf(members, options.users);
    if (audience) results.push(...(await measureAudience(audience, perSecond, routes, receivers, options)));
  }
  receivers.end();
  await Promise.all([baseline, bare, alone, ...pair].map((server) => server.stop()));
  return results;
}

function startPair(database: BenchDatabase, folder: string, redisUrl: string): Promise<RunningServer[]> {
  return Promise.all([1, 2].map(() => startMessenger(database, folder, { redisUrl })));
}

/** The routes in turn, round by round: a machine's pace changes from minute to minute. */
async function measureAudience(
  audience: Audience,
  perSecond: number,
  routes: readonly Route[],
  receivers: Receivers,
  options: Options,
): Promise<LatencyResult[]> {
  const measured: { route: Route; request: RequestMaker; rounds: Round[] }[] = [];
  for (const route of routes) measured.push({ route, request: await route.requestsTo(audience), rounds: [] });
  for (let round = 0; round < options.rounds; round++) {
    for (const { route, request, rounds } of turns(measured, round)) {
      rounds.push(await measureRound(route, request, audience, perSecond, receivers, options));
    }
  }
  return measured.map(({ route: { via }, rounds }) => {
    return { members: audience.members.length, via, messagesPerSecond: perSecond, ...summarize(rounds) };
  });
}

interface Round {
  readonly sent: Awaited<ReturnType<typeof probe>>;
  readonly received: Awaited<ReturnType<Receivers['readUntil']>> | undefined;
}

async function measureRound(
  { sending, receiving, settles }: Route,
  request: RequestMaker,
  audience: Audience,
  perSecond: number,
  receivers: Receivers,
  { warmUpSeconds, latencySeconds, settleSeconds }: Options,
): Promise<Round> {
  const tokens = audience.members.map(({ token }) => token);
  // Only for the round: what is committed through one route, the other nodes would bring to those who are connected to them.
  if (receiving) await receivers.open(receiving.url, tokens);
  await receivers.begin({ timed: true });
  await probe(sending.url, request, perSecond, warmUpSeconds);
  await receivers.untilQuiet();
  await receivers.begin({ timed: true });
  const sent = await probe(sending.url, request, perSecond, latencySeconds);
  const received = receiving && (await receivers.readUntil(sent.answers));
  await receivers.closeAll();
  if (settles) await sleep(settleSeconds * 1000);
  return { sent, received };
}

function summarize(rounds: readonly Round[]): Omit<LatencyResult, 'members' | 'via' | 'messagesPerSecond'> {
  const sent = rounds.map((round) => round.sent);
  const received = rounds.flatMap((round) => round.received ?? []);
  return {
    messages: sum(sent, ({ answers }) => answers),
    send: times(sent),
    receive:
      received.length === 0
        ? null
        : {
            ...times(received),
            ratio: spread(received.map(({ p99 }, round) => p99 / sent[round]!.p50)),
            missing: sum(received, ({ missing }) => missing),
            surplus: sum(received, ({ surplus }) => surplus),
          },
    errors: sum(sent, ({ failures }) => failures),
    delayP99: spread(sent.map(({ delayP99 }) => delayP99)),
  };
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}

function times(measured: readonly { readonly p50: number; readonly p99: number }[]): Times {
  return { p50: spread(measured.map(({ p50 }) => p50)), p99: spread(measured.map(({ p99 }) => p99)) };
}

function messagesTo(audience: Audience): RequestMaker {
  return () => messageTo(audience);
}

async function broadcastsTo(audience: Audience, messenger: RunningServer): Promise<RequestMaker> {
  const message = messageTo(audience);
  const frame = await frameOf(message, audience.members[0]!, messenger);
  return () => broadcastOf(frame.replace(contentsOf(frame), timed()), message);
}

function messageTo({ authors, chatId }: Audience): Request {
  return send(authors[0]!, chatId, timed());
}
