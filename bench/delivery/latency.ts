import type { BenchDatabase } from '../data/database.js';
import { timed } from '../load/clock.js';
import { probe } from '../load/probe.js';
import { Receivers } from '../load/receivers.js';
import type { Options } from '../options.js';
import { send } from '../requests.js';
import { startMessenger } from '../servers/messenger.js';
import type { RunningServer } from '../servers/process.js';
import type { ProbeFigures } from '../storm.js';
import { audienceOf, type Audience } from './audiences.js';

/** How long messages take at a steady rate. Times are ms. */
export interface LatencyResult {
  readonly members: number;
  /** 1: authors and readers on the same process; 2: readers on another, over Redis. */
  readonly nodes: number;
  readonly messagesPerSecond: number;
  /** From asking to the answer. */
  readonly send: ProbeFigures;
  /** From asking to the arrival at a member. */
  readonly receive: { readonly p50: number; readonly p99: number; readonly missing: number };
  /** p99 of receiving for p50 of sending. */
  readonly ratio: number;
}

/** A moderate rate for an audience of each size. */
const RATES: readonly { readonly members: number; readonly perSecond: number }[] = [
  { members: 2, perSecond: 200 },
  { members: 50, perSecond: 100 },
  { members: 500, perSecond: 20 },
];

/** How long it takes longer than a round of the others: these are tails. */
const LONGER = 8;

/** @param redisUrl where two nodes meet; without it only one is measured. */
export async function measureLatency(
  database: BenchDatabase,
  options: Options,
  redisUrl: string | undefined,
  folder: string,
): Promise<LatencyResult[]> {
  const alone = await startMessenger(database, folder);
  const results = await measureRates(1, alone, alone, options);
  await alone.stop();
  if (redisUrl === undefined) return results;
  const pair = await Promise.all([1, 2].map(() => startMessenger(database, folder, { redisUrl })));
  results.push(...(await measureRates(2, pair[0]!, pair[1]!, options)));
  await Promise.all(pair.map((node) => node.stop()));
  return results;
}

async function measureRates(
  nodes: number,
  sending: RunningServer,
  receiving: RunningServer,
  { users, warmUpSeconds, seconds }: Options,
): Promise<LatencyResult[]> {
  const results: LatencyResult[] = [];
  for (const { members, perSecond } of RATES) {
    const audience = await audienceOf(members, users);
    if (!audience) continue;
    const receivers = new Receivers();
    await receivers.open(
      receiving.url,
      audience.members.map(({ token }) => token),
    );
    await probe(sending.url, messageTo(audience), perSecond, warmUpSeconds);
    await receivers.untilQuiet();
    await receivers.begin({ timed: true });
    const sent = await probe(sending.url, messageTo(audience), perSecond, seconds * LONGER);
    const due = sent.answers * members;
    const { frames, p50, p99 } = await receivers.readUntil(due);
    receivers.end();
    results.push({
      ...{ members, nodes, messagesPerSecond: perSecond, send: sent },
      receive: { p50, p99, missing: due - frames },
      ratio: p99 / sent.p50,
    });
  }
  return results;
}

function messageTo({ authors, chatId }: Audience) {
  return () => send(authors[0]!, chatId, timed());
}
