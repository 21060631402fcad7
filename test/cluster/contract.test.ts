import { RateLimiterRes } from 'rate-limiter-flexible';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { memoryCluster, openCluster, type Cluster } from '../../src/cluster/index.js';
import { EncodedEvent, type BrokerListener, type Channel } from '../../src/realtime/index.js';
import { createLogger } from '../../src/shared/logger.js';
import { BROKER_KINDS } from '../faults/processes/broker-service.js';
import { isInstalled, useBrokerService } from '../support/broker-services.js';
import { uniqueName } from '../support/client.js';

/** What every cluster does for the server: memory, Redis, NATS, and the next one. */

/** The broker of a node, and what it has received. */
class Ear implements BrokerListener {
  readonly heard: [Channel, string][] = [];
  returns = 0;

  constructor(readonly cluster: Cluster) {
    cluster.broker.listen(this);
  }

  receive(channel: Channel, event: EncodedEvent): void {
    this.heard.push([channel, event.text]);
  }

  brokerReturned(): void {
    this.returns++;
  }
}

const event = (n: number) => EncodedEvent.of({ type: 'test', chatId: 1, pts: n });
const textOf = (n: number) => event(n).text;
const CHAT: Channel = 'chat:1';
const USER: Channel = 'user:1';

const open: Cluster[] = [];
afterEach(async () => {
  vi.restoreAllMocks();
  for (const cluster of open.splice(0)) await cluster.close();
});

/** A node whose cluster is connected. */
async function join(start: () => Promise<Cluster>): Promise<Cluster> {
  const cluster = await start();
  open.push(cluster);
  await expect.poll(() => cluster.isConnected, { timeout: 5000, interval: 5 }).toBe(true);
  return cluster;
}

/** @param start a node of the cluster; `prefix` tells clusters apart. */
function describeOneNode(start: (prefix: string) => Promise<Cluster>): void {
  const joinNew = () => join(() => start(`${uniqueName()}:`));

  it('brings what is published to the channels that are subscribed to, and only there', async () => {
    const ear = new Ear(await joinNew());
    const { broker } = ear.cluster;
    await broker.subscribe([CHAT]);
    broker.publish(CHAT, event(1));
    broker.publish(USER, event(2));
    broker.publish('chat:11', event(3));
    broker.publish(CHAT, event(4));
    await expect
      .poll(() => ear.heard)
      .toEqual([
        [CHAT, textOf(1)],
        [CHAT, textOf(4)],
      ]);
  });

  it('brings an event once, however often its channel is subscribed to, until it is unsubscribed', async () => {
    const ear = new Ear(await joinNew());
    const { broker } = ear.cluster;
    await Promise.all([broker.subscribe([CHAT, USER]), broker.subscribe([CHAT])]);
    await broker.subscribe([CHAT]);
    broker.publish(CHAT, event(1));
    await expect.poll(() => ear.heard).toEqual([[CHAT, textOf(1)]]);
    broker.unsubscribe([CHAT]);
    broker.publish(CHAT, event(2));
    broker.publish(USER, event(3));
    await expect.poll(() => ear.heard.at(-1)).toEqual([USER, textOf(3)]);
    await broker.subscribe([CHAT]);
    broker.publish(CHAT, event(4));
    await expect.poll(() => ear.heard.at(-1)).toEqual([CHAT, textOf(4)]);
    expect(ear.heard).toHaveLength(3);
  });

  it('knows who is online', async () => {
    const { presence } = await joinNew();
    expect(await presence.online([1, 2])).toEqual(new Set());
    await presence.arrived([1, 2, 3]);
    await presence.arrived([1]);
    await presence.left(2);
    await presence.left(4);
    expect(await presence.online([4, 3, 2, 1])).toEqual(new Set([3, 1]));
    expect(await presence.online([])).toEqual(new Set());
  });

  it('counts what each owner does, for each limit by itself', async () => {
    const { createLimiter } = await joinNew();
    const limiter = createLimiter({ name: 'a', points: 3, seconds: 60 });
    const other = createLimiter({ name: 'b', points: 3, seconds: 60 });
    await limiter.consume('ada', 2);
    await limiter.consume('ada');
    const refused: unknown = await limiter.consume('ada').catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(RateLimiterRes);
    expect((refused as RateLimiterRes).msBeforeNext).toBeGreaterThan(50_000);
    expect((refused as RateLimiterRes).msBeforeNext).toBeLessThanOrEqual(60_000);
    await limiter.consume('bob', 3);
    await other.consume('ada', 3);
  });

  it('tells without counting whether there were too many, and takes back', async () => {
    const limiter = (await joinNew()).createLimiter({ name: 'a', points: 2, seconds: 60 });
    await limiter.consume('ada', 0);
    await limiter.consume('ada', 2);
    await limiter.consume('ada', 0);
    await limiter.reward('ada');
    await limiter.consume('ada');
    await expect(limiter.consume('ada')).rejects.toBeInstanceOf(RateLimiterRes);
  });
}

/** @param start a node; those with the same prefix are of one cluster. */
function describeNodes(start: (prefix: string) => Promise<Cluster>): void {
  const joinTwo = async (): Promise<[Cluster, Cluster]> => {
    const prefix = `${uniqueName()}:`;
    return [await join(() => start(prefix)), await join(() => start(prefix))];
  };

  it('brings everything in order that a node publishes after the subscription', async () => {
    const [one, other] = await joinTwo();
    const ear = new Ear(other);
    const count = 2000;
    for (let n = 0; n < count; n++) {
      // Nothing is lost between a subscription and what follows it at once.
      if (n % 500 === 0) await other.broker.subscribe([`chat:${n}`]);
      one.broker.publish(`chat:${n - (n % 500)}`, event(n));
    }
    await expect.poll(() => ear.heard.length).toBe(count);
    expect(ear.heard.map(([, text]) => text)).toEqual(Array.from({ length: count }, (_, n) => textOf(n)));
    expect(ear.returns).toBe(0);
  });

  it('leaves the events of other clusters alone', async () => {
    const [one] = await joinTwo();
    const [another] = await joinTwo();
    const ear = new Ear(another);
    await another.broker.subscribe([CHAT]);
    one.broker.publish(CHAT, event(1));
    another.broker.publish(CHAT, event(2));
    await expect.poll(() => ear.heard).toEqual([[CHAT, textOf(2)]]);
  });

  it('carries what a node has to know of an event', async () => {
    const [one, other] = await joinTwo();
    const heads: unknown[] = [];
    other.broker.listen({ receive: (_channel, { head }) => heads.push(head), brokerReturned: () => undefined });
    await other.broker.subscribe([CHAT]);
    const head = { chatId: 1, pts: 7, added: [1, 2], removed: [3], exceptUserId: 4 };
    one.broker.publish(CHAT, EncodedEvent.of({ type: 'test', ...head, data: { text: 'Grüße 👋' } }));
    await expect.poll(() => heads).toEqual([head]);
  });

  it('knows who is online elsewhere, until the last node has said that they left', async () => {
    const [one, other] = await joinTwo();
    const online = async (node: Cluster) => [...(await node.presence.online([1, 2, 3]))];
    await Promise.all([one.presence.arrived([1, 2]), other.presence.arrived([2, 3])]);
    for (const node of [one, other]) await expect.poll(() => online(node)).toEqual([1, 2, 3]);
    await Promise.all([one.presence.left(1), one.presence.left(2)]);
    for (const node of [one, other]) await expect.poll(() => online(node)).toEqual([2, 3]);
    await other.presence.left(2);
    for (const node of [one, other]) await expect.poll(() => online(node)).toEqual([3]);
  });

  it('tells a node that comes later who is online, and forgets the users of one that says nothing more', async () => {
    const prefix = `${uniqueName()}:`;
    const early = await join(() => start(prefix));
    await early.presence.arrived([1, 2]);
    const late = await join(() => start(prefix));
    const online = async () => [...(await late.presence.online([1, 2]))];
    await expect.poll(online).toEqual([1, 2]);
    const now = Date.now();
    vi.spyOn(Date, 'now').mockReturnValue(now + 31_000);
    expect(await online()).toEqual([]);
  });

  it('counts on all nodes together', async () => {
    const [one, other] = (await joinTwo()).map(({ createLimiter }) => {
      return createLimiter({ name: 'a', points: 4, seconds: 60 });
    });
    await one!.consume('ada', 2);
    await other!.consume('ada', 2);
    for (const limiter of [one, other]) {
      const isRefused = () =>
        limiter!.consume('ada').then(
          () => false,
          () => true,
        );
      await expect.poll(isRefused).toBe(true);
    }
  });
}

describe('the cluster in memory', () => {
  describeOneNode(() => Promise.resolve(memoryCluster()));
});

for (const kind of BROKER_KINDS)
  describe.skipIf(!isInstalled[kind])(`the cluster over ${kind} (needs ${kind}-server)`, () => {
    const own = useBrokerService(kind);
    const start = (prefix: string) => openCluster({ kind, urls: [own.service.url], prefix }, createLogger('silent'));
    describeOneNode(start);
    describeNodes(start);

    it('goes on alone while the broker is away, and tells when it is back', { timeout: 60_000 }, async () => {
      const node = await join(() => start(`${uniqueName()}:`));
      const ear = new Ear(node);
      const limiter = node.createLimiter({ name: 'a', points: 2, seconds: 60 });
      await node.broker.subscribe([CHAT]);

      await own.service.stop();
      await expect.poll(() => node.isConnected).toBe(false);
      // What is published here reaches the listeners here, and nothing takes long.
      const begin = Date.now();
      node.broker.publish(CHAT, event(1));
      await expect.poll(() => ear.heard).toEqual([[CHAT, textOf(1)]]);
      await node.broker.subscribe([USER]);
      await limiter.consume('ada', 2);
      await expect(limiter.consume('ada')).rejects.toBeInstanceOf(RateLimiterRes);
      await expect(node.presence.online([1])).rejects.toThrow();
      expect(Date.now() - begin).toBeLessThan(2000);
      expect(ear.returns).toBe(0);

      await own.service.startAgain();
      await expect.poll(() => node.isConnected, { timeout: 10_000 }).toBe(true);
      await expect.poll(() => ear.returns, { timeout: 10_000 }).toBe(1);
      for (const channel of [CHAT, USER]) node.broker.publish(channel, event(2));
      await expect
        .poll(() => ear.heard.slice(1))
        .toEqual([
          [CHAT, textOf(2)],
          [USER, textOf(2)],
        ]);
    });

    it('gives its own listeners what it publishes while the broker is frozen', async () => {
      const node = await join(() => start(`${uniqueName()}:`));
      const ear = new Ear(node);
      await node.broker.subscribe([CHAT]);
      own.service.freeze();
      node.broker.publish(CHAT, event(1));
      await expect.poll(() => ear.heard, { timeout: 1500 }).toEqual([[CHAT, textOf(1)]]);
      own.service.unfreeze();
      // That it comes once more is for the numbers of the events to see.
      await node.broker.subscribe([USER]);
      node.broker.publish(USER, event(2));
      await expect.poll(() => ear.heard.at(-1), { timeout: 5000 }).toEqual([USER, textOf(2)]);
    });

    it('starts without the broker, and joins once it is there', { timeout: 60_000 }, async () => {
      await own.service.stop();
      const node = await start(`${uniqueName()}:`);
      open.push(node);
      const ear = new Ear(node);
      await node.broker.subscribe([CHAT]);
      expect(node.isConnected).toBe(false);
      await own.service.startAgain();
      await expect.poll(() => ear.returns, { timeout: 10_000 }).toBe(1);
      node.broker.publish(CHAT, event(1));
      await expect.poll(() => ear.heard).toEqual([[CHAT, textOf(1)]]);
    });
  });
