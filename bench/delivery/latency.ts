import type { BenchDatabase } from '../data/database.js';
import { contentsOf, timed } from '../load/clock.js';
import { probe } from '../load/probe.js';
import { Receivers } from '../load/receivers.js';
import type { Options } from '../options.js';
import { send, type Request, type RequestMaker } from '../requests.js';
import { startBroadcast } from '../servers/broadcast.js';
import { startMessenger } from '../servers/messenger.js';
import type { RunningServer } from '../servers/process.js';
import { spread, type Spread } from '../statistics.js';
import { audienceOf, type Audience } from './audiences.js';
import { broadcastOf, frameOf } from './broadcasts.js';

/** How long messages take at a steady rate. Times are ms. */
export interface LatencyResult {
  readonly members: number;
  readonly via: Route['via'];
  readonly messagesPerSecond: number;
  /** From asking to the answer. */
  readonly send: Times;
  /** From asking to the arrival at a member. */
  readonly receive: Times;
  /** p99 of receiving for p50 of sending, round by round. */
  readonly ratio: Spread;
  /** Deliveries that were due and did not come, of all rounds together. */
  readonly missing: number;
}

interface Times {
  readonly p50: Spread;
  readonly p99: Spread;
}

interface Route {
  readonly via: 'bare process' | 'one node' | 'two nodes';
  readonly sending: RunningServer;
  readonly receiving: RunningServer;
  /** Makes what is asked, which says when. */
  readonly requestsTo: (audience: Audience) => RequestMaker | Promise<RequestMaker>;
}

/** A moderate rate for an audience of each size. */
const RATES: readonly { readonly members: number; readonly perSecond: number }[] = [
  { members: 2, perSecond: 200 },
  { members: 50, perSecond: 100 },
  { members: 500, perSecond: 20 },
];

/** How much longer it takes than a round of the others: these are tails. */
const LONGER = 4;

/** @param redisUrl where two nodes meet; without it only one is measured. */
export async function measureLatency(
  database: BenchDatabase,
  options: Options,
  redisUrl: string | undefined,
  folder: string,
): Promise<LatencyResult[]> {
  const [bare, alone] = await Promise.all([startBroadcast(folder), startMessenger(database, folder)]);
  const routes: Route[] = [
    { via: 'bare process', sending: bare, receiving: bare, requestsTo: (audience) => broadcastsTo(audience, alone) },
    { via: 'one node', sending: alone, receiving: alone, requestsTo: messagesTo },
  ];
  const results = await measureRoutes(routes, options);
  await Promise.all([bare.stop(), alone.stop()]);
  if (redisUrl === undefined) return results;
  const start = () => startMessenger(database, folder, { redisUrl });
  const [sending, receiving] = await Promise.all([start(), start()]);
  results.push(...(await measureRoutes([{ via: 'two nodes', sending, receiving, requestsTo: messagesTo }], options)));
  await Promise.all([sending.stop(), receiving.stop()]);
  return results;
}

async function measureRoutes(routes: readonly Route[], options: Options): Promise<LatencyResult[]> {
  const results: LatencyResult[] = [];
  for (const { members, perSecond } of RATES) {
    const audience = await audienceOf(members, options.users);
    if (!audience) continue;
    for (const route of routes) results.push(await measure(route, audience, perSecond, options));
  }
  return results;
}

async function measure(
  { via, sending, receiving, requestsTo }: Route,
  audience: Audience,
  perSecond: number,
  { rounds, warmUpSeconds, seconds }: Options,
): Promise<LatencyResult> {
  const members = audience.members.length;
  const request = await requestsTo(audience);
  const receivers = new Receivers();
  await receivers.open(
    receiving.url,
    audience.members.map(({ token }) => token),
  );
  await probe(sending.url, request, perSecond, warmUpSeconds);
  const measured = [];
  for (let round = 0; round < rounds; round++) {
    await receivers.untilQuiet();
    await receivers.begin({ timed: true });
    const sent = await probe(sending.url, request, perSecond, seconds * LONGER);
    const received = await receivers.readUntil(sent.answers);
    measured.push({ sent, received, ratio: received.p99 / sent.p50, missing: received.missing });
  }
  receivers.end();
  return {
    ...{ members, via, messagesPerSecond: perSecond },
    send: times(measured.map(({ sent }) => sent)),
    receive: times(measured.map(({ received }) => received)),
    ratio: spread(measured.map(({ ratio }) => ratio)),
    missing: measured.reduce((total, { missing }) => total + missing, 0),
  };
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
