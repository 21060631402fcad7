import type { Cast } from '../data/cast.js';
import type { BenchDatabase } from '../data/database.js';
import { drive } from '../load/drive.js';
import { Receivers } from '../load/receivers.js';
import type { Options } from '../options.js';
import { sendToEach, type Request } from '../requests.js';
import { startBroadcast } from '../servers/broadcast.js';
import { startBaseline } from '../servers/baseline.js';
import { startMessenger } from '../servers/messenger.js';
import type { RunningServer } from '../servers/process.js';
import { spread, type Spread } from '../statistics.js';
import { audienceOf, messagesTo, type Audience } from './audiences.js';
import { broadcastOf, frameOf } from './broadcasts.js';
import { deliveryFigures, measureDelivery, type Delivery, type DeliveryFigures } from './deliver.js';
import { turns } from './turns.js';

export interface FanOutResult {
  readonly members: number;
  /** How many messages are in flight. */
  readonly connections: number;
  readonly messenger: DeliveryFigures;
  /** A bare `ws` process. */
  readonly bare: DeliveryFigures;
  /** Deliveries a second of the messenger for one of the bare process's, round by round. */
  readonly ratio: Spread;
  /** Messages a second of the messenger for a send of the baseline's, which commits each by itself. */
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
  readonly baseline: RunningServer;
  readonly bare: RunningServer;
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
  const servers = { messenger, baseline: await startBaseline(database, folder), bare: await startBroadcast(folder) };
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
  { messenger, baseline, bare }: Servers,
  oneCommitSends: Request[],
  options: Options,
): Promise<FanOutResult> {
  const { rounds, warmUpSeconds, seconds } = options;
  const [toOurs, toTheirs] = [new Receivers(), new Receivers()];
  const tokens = audience.members.map(({ token }) => token);
  await toOurs.open(messenger.url, tokens);
  await toTheirs.open(bare.url, tokens);
  const messages = messagesTo(audience);
  const frame = await frameOf(messages[0]!, audience.members[0]!, messenger);
  const broadcasts = messages.map((message) => broadcastOf(frame, message));
  const [ours, theirs]: [Delivery[], Delivery[]] = [[], []];
  const [oneChat, manyChats]: [number[], number[]] = [[], []];

  const measure = (server: RunningServer, requests: Request[], receivers: Receivers) => {
    return measureDelivery({ url: server.url, requests, connections, receivers, servers: [server] }, options);
  };
  // Never to the audience's chat: what the baseline writes there, the messenger would have to make up for.
  const commit = async (requests: Request[]) => {
    const load = { url: baseline.url, requests, connections };
    await drive({ ...load, until: { seconds: warmUpSeconds } });
    return (await drive({ ...load, until: { seconds } })).perSecond;
  };
  const measurements = [
    async () => ours.push(await measure(messenger, messages, toOurs)),
    async () => theirs.push(await measure(bare, broadcasts, toTheirs)),
    async () => oneChat.push(await commit(oneCommitSends.slice(0, 1))),
    async () => manyChats.push(await commit(oneCommitSends)),
  ];
  for (let round = 0; round < rounds; round++) {
    for (const take of turns(measurements, round)) await take();
  }
  toOurs.end();
  toTheirs.end();
  return {
    members: audience.members.length,
    connections,
    messenger: deliveryFigures(ours),
    bare: deliveryFigures(theirs),
    ratio: spread(ours.map((our, round) => our.deliveriesPerSecond / theirs[round]!.deliveriesPerSecond)),
    perOneCommitSend: {
      oneChat: spread(ours.map((our, round) => our.messagesPerSecond / oneChat[round]!)),
      manyChats: spread(ours.map((our, round) => our.messagesPerSecond / manyChats[round]!)),
    },
  };
}
