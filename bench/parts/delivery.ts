import { setTimeout as sleep } from 'node:timers/promises';
import { cpuSecondsOf } from '../../test/processes/usage.js';
import { CAST } from '../data/cast.js';
import { now, timedAgain } from '../load/clock.js';
import { drive } from '../load/drive.js';
import { probe, type ProbeFigures } from '../load/probe.js';
import { Receivers, type Reading } from '../load/receivers.js';
import { audienceOf, broadcastRoute, messengerRoute, type Audience, type Route } from '../load/route.js';
import { sendToEach, type Request } from '../requests.js';
import { inTurns, medianOf, ratio, sumOf } from '../rounds.js';
import type { Row, Section } from '../section.js';
import { startBaseline, startBroadcast, startMessenger } from '../servers/servers.js';
import type { Bench } from './index.js';

/** How many people in a chat are online, and how many connections write to them. */
const CASES = [
  { members: 2, connections: 16 },
  { members: 2, connections: 64 },
  { members: 50, connections: 16 },
  { members: 500, connections: 16 },
  { members: 2000, connections: 16 },
];
/** A moderate number of messages a second for an audience of each size: an eighth of what the bare process can. */
const RATES = [
  { members: 2, perSecond: 200 },
  { members: 50, perSecond: 100 },
  { members: 500, perSecond: 40 },
];
/** At its p99 there have to be some messages. */
const STEADY_SECONDS = 5;
/** A server takes some to settle when those who received have left: who was online is written down. */
const SETTLE_SECONDS = 6;

/** How the answers to one round's messages came. */
type Sent = Omit<ProbeFigures, 'delayP99'> & Partial<ProbeFigures>;

interface Round {
  readonly sent: Sent;
  readonly received: Reading;
  /** To the last frame; to the last answer where nobody is told. */
  readonly seconds: number;
  /** Of all servers on the route, in µs. */
  readonly cpu: number;
}

/** Persisted messages to those of a chat who are online: as many as go, and at a steady rate. */
export async function measureDelivery({ database, options, folder, redisUrl, say }: Bench): Promise<Section[]> {
  const { rounds, users, quick, seconds, warmUpSeconds } = options;
  const messenger = messengerRoute(await startMessenger(database, folder));
  const baseline = await startBaseline(database, folder);
  // Never to the audience's chat: what the baseline writes there, the messenger would have to make up for.
  const commits = (chats: number): Route => {
    return { sending: baseline, messagesTo: () => Promise.resolve(sendToEach(CAST).slice(0, chats)) };
  };
  const meeting = async (url: string) => {
    return messengerRoute(await startMessenger(database, folder, url), await startMessenger(database, folder, url));
  };
  const routes = new Map<string, Route>([
    [MESSENGER, messenger],
    ['bare `ws` process', broadcastRoute(await startBroadcast(folder), messenger)],
    ...(redisUrl === undefined ? [] : ([['two nodes, over Redis', await meeting(redisUrl)]] as const)),
    ['baseline, one chat', commits(1)],
    ['baseline, many chats', commits(CAST.chats.length)],
  ]);
  const receivers = new Receivers();

  /** Each route in turn, with what sends its messages: to warm up, and then as what is measured, to the last frame. */
  const measure = async (
    audience: Audience,
    load: (url: string, messages: Request[]) => (isWarmUp: boolean) => Promise<Sent>,
  ): Promise<Record<string, Round[]>> => {
    const measurements: Record<string, () => Promise<Round>> = {};
    for (const [name, { sending, receiving, messagesTo }] of routes) {
      const sendAll = load(sending.url, await messagesTo(audience));
      const servers = new Set([sending, receiving ?? sending]);
      const cpu = () => sumOf([...servers], ({ pid }) => cpuSecondsOf(pid)) * 1e6;
      measurements[name] = async () => {
        // Only for the round: what is committed on one route, the other nodes would bring to those connected to them.
        if (receiving) await receivers.run('open', receiving.url, audience.tokens);
        await sendAll(true);
        await receivers.untilQuiet();
        await receivers.run('begin');
        const [cpuBefore, started] = [cpu(), now()];
        const sent = await sendAll(false);
        const answeredAt = now();
        const received = await receivers.readUntil(sent.answers);
        const used = cpu() - cpuBefore;
        await receivers.run('close');
        if (receiving) await sleep(quick ? 100 : SETTLE_SECONDS * 1000);
        return { sent, received, seconds: ((receiving ? received.lastAt : answeredAt) - started) / 1000, cpu: used };
      };
    }
    return inTurns(rounds, measurements);
  };

  const most: Row[] = [];
  for (const { members, connections } of CASES) {
    const audience = audienceOf(members, users);
    if (!audience) continue;
    const measured = await measure(audience, (url, requests) => {
      let count = connections;
      return async (isWarmUp) => {
        // A number of messages, so that each is answered, and what is due is known.
        const until = isWarmUp ? { seconds: warmUpSeconds } : { requests: count };
        const figures = await drive({ url, requests, connections, until });
        count = Math.max(connections, Math.ceil(figures.perSecond * seconds));
        return figures;
      };
    });
    say(`${members} online`);
    const messagesPerSecond = (round: Round) => round.sent.answers / round.seconds;
    for (const [name, each] of Object.entries(measured)) {
      most.push({
        Online: members,
        Connections: connections,
        Through: name,
        'Messages/s': medianOf(each, messagesPerSecond),
        'Deliveries/s': medianOf(each, ({ received, seconds: took }) => received.frames / took),
        'The messenger for 1 of it': ratio(measured[MESSENGER]!, each, messagesPerSecond),
        'CPU for a delivery, µs': sumOf(each, ({ cpu }) => cpu) / sumOf(each, ({ received }) => received.frames),
        [FAULTS]: faultsOf(each),
      });
    }
  }

  const steady: Row[] = [];
  for (const { members, perSecond } of RATES) {
    const audience = audienceOf(members, users);
    if (!audience) continue;
    const measured = await measure(audience, (url, [message]) => {
      const make = () => ({ ...message!, body: timedAgain(message!.body!) });
      return (isWarmUp) => probe(url, make, perSecond, isWarmUp ? warmUpSeconds : quick ? seconds : STEADY_SECONDS);
    });
    for (const [name, each] of Object.entries(measured)) {
      steady.push({
        Online: members,
        Through: name,
        'Messages/s': perSecond,
        Messages: sumOf(each, ({ sent }) => sent.answers),
        'Send p50, ms': medianOf(each, ({ sent }) => sent.p50),
        'send p99, ms': medianOf(each, ({ sent }) => sent.p99),
        'Receive p50, ms': medianOf(each, ({ received }) => received.p50) || NaN,
        'receive p99, ms': medianOf(each, ({ received }) => received.p99) || NaN,
        'Receive p99 for send p50': medianOf(each, ({ sent, received }) => received.p99 / sent.p50) || NaN,
        [FAULTS]: faultsOf(each),
        'Asked late, p99, ms': medianOf(each, ({ sent }) => sent.delayP99!),
      });
    }
  }
  receivers.end();
  for (const { sending, receiving } of routes.values()) await Promise.all([sending.stop(), receiving?.stop()]);
  const text =
    'Persisted messages to those of a chat who are online, one in flight on each connection. The bare process sends the ' +
    'same frames, without any database; the baseline commits each message by itself and tells nobody. On two nodes ' +
    'authors are connected to one, readers to the other; CPU is that of both.';
  return [
    { title: 'Delivery', text, rows: most },
    { title: 'From sending to receiving', text: 'The same at a steady rate.', rows: steady },
  ];
}

const MESSENGER = 'messenger';
const FAULTS = 'Missing, surplus, errors';

function faultsOf(rounds: readonly Round[]): number[] {
  const faults = rounds.map(({ sent, received: { missing, surplus } }) => [missing, surplus, sent.errors] as const);
  return [0, 1, 2].map((at) => sumOf(faults, (round) => round[at]!));
}
