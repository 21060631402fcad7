import type { BenchDatabase } from '../data/database.js';
import { Receivers } from '../load/receivers.js';
import type { Options } from '../options.js';
import { startMessenger } from '../servers/messenger.js';
import type { RunningServer } from '../servers/process.js';
import { spread, type Spread } from '../statistics.js';
import { audienceOf, messagesTo } from './audiences.js';
import { deliveryFigures, measureDelivery, type Delivery, type DeliveryFigures } from './deliver.js';
import { turns } from './turns.js';

/** What it costs that readers are on another node than authors. */
export interface TwoNodesResult {
  readonly members: number;
  /** How many messages are in flight. */
  readonly connections: number;
  readonly oneNode: DeliveryFigures;
  /** CPU is that of both. */
  readonly twoNodes: DeliveryFigures;
  /** Deliveries a second on two nodes for one on one node, round by round. */
  readonly ratio: Spread;
}

const MEMBERS = 50;
const CONNECTIONS = 16;

/** @param redisUrl where the two nodes meet. */
export async function measureTwoNodes(
  database: BenchDatabase,
  options: Options,
  redisUrl: string,
  folder: string,
): Promise<TwoNodesResult> {
  const audience = (await audienceOf(MEMBERS, options.users))!;
  const tokens = audience.members.map(({ token }) => token);
  const alone = await startMessenger(database, folder);
  const sending = await startMessenger(database, folder, { redisUrl });
  const receiving = await startMessenger(database, folder, { redisUrl });
  const receivers = new Receivers();
  const work = { requests: messagesTo(audience), connections: CONNECTIONS, receivers };
  const measure = async (sendTo: RunningServer, receiveFrom: RunningServer) => {
    // Only now: what the one node commits, the two would bring to those who are connected to them, and the other way round.
    await receivers.open(receiveFrom.url, tokens);
    const servers = [...new Set([sendTo, receiveFrom])];
    const delivery = await measureDelivery({ ...work, url: sendTo.url, servers }, options);
    await receivers.closeAll();
    return delivery;
  };
  const [oneNode, twoNodes]: [Delivery[], Delivery[]] = [[], []];
  const measurements = [
    async () => oneNode.push(await measure(alone, alone)),
    async () => twoNodes.push(await measure(sending, receiving)),
  ];
  for (let round = 0; round < options.rounds; round++) {
    for (const take of turns(measurements, round)) await take();
  }
  receivers.end();
  await Promise.all([alone, sending, receiving].map((server) => server.stop()));
  return {
    members: MEMBERS,
    connections: CONNECTIONS,
    oneNode: deliveryFigures(oneNode),
    twoNodes: deliveryFigures(twoNodes),
    ratio: spread(twoNodes.map((two, round) => two.deliveriesPerSecond / oneNode[round]!.deliveriesPerSecond)),
  };
}
