import { setTimeout as sleep } from 'node:timers/promises';
import { drawPlaces, type Fault, type FaultKind } from '../plan/plan.js';
import type { Cluster } from '../processes/cluster.js';
import { pick } from '../random.js';
import { act, changeGroup, sendMessage } from './actions.js';
import type { Ledger } from './ledger.js';
import type { QuietChat, World } from './world.js';

/** How many messages are on their way through a node that is killed, begun within so long before and after. */
const UNDER_WAY = 12;
const UNDER_WAY_MS = 15;
/** To how many quiet chats somebody is being added through it, and what else is done. */
const ADDS_UNDER_WAY = 6;
const CHANGES_UNDER_WAY = [
  'edit',
  'enrich',
  'add',
  'enrich',
  'settings',
  'enrich',
  'rename',
  'remove',
  'settings',
  'edit',
  'add',
  'settings',
  'leave',
  'delete',
] as const;
const POLL_MS = 1;
/** How often something is sent while the broker is away. */
const OUTAGE_SENDS_MS = 500;

type Of<Kind extends FaultKind> = Extract<Fault, { kind: Kind }>;

/** Breaks things. */
export class Faults {
  /** How often, by kind. */
  readonly counts = new Map<string, number>();
  /** Each of these can only be away once at a time. */
  #postgres: Promise<void> = Promise.resolve();
  #broker: Promise<void> = Promise.resolve();

  constructor(
    readonly cluster: Cluster,
    readonly world: World,
    readonly ledger: Ledger,
  ) {}

  /** Resolves when what was broken works again. */
  async inflict(fault: Fault): Promise<void> {
    switch (fault.kind) {
      case 'kill node':
        return this.#killNode(fault);
      case 'freeze node': {
        const node = pick(this.#servingNodes(), fault.which);
        if (!node) return;
        this.#count('node frozen');
        return node.freeze(fault.ms);
      }
      case 'restart PostgreSQL':
        this.#postgres = this.#postgres.then(() => this.#restartPostgres(fault));
        return this.#postgres;
      case 'stop broker':
        this.#broker = this.#broker.then(() => this.#stopBroker(fault));
        return this.#broker;
      case 'reconnect while sending':
        return this.#reconnectWhileSending(fault);
      default:
        return this.#disturbDevice(fault);
    }
  }

  #servingNodes() {
    return this.cluster.nodes.filter(({ isServing }) => isServing);
  }

  #count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }

  /** While changes go through it, so that some are committed and nobody is told of them. */
  async #killNode({ which, afterMs, whenHeard, downMs }: Of<'kill node'>): Promise<void> {
    const node = pick(this.#servingNodes(), which);
    if (!node) return;
    this.#count('node killed');
    const index = this.cluster.nodes.indexOf(node);
    const { world, ledger } = this;
    const heard = new AbortController();
    // These take longer than sends: they begin before.
    const adds = spread(ADDS_UNDER_WAY, afterMs, () => {
      return this.#addTo(world.nextQuietGroup(), index, () => {
        if (whenHeard) heard.abort();
      });
    });
    const changes = spread(CHANGES_UNDER_WAY.length, afterMs, (n) => {
      const [kind, at] = [CHANGES_UNDER_WAY[n]!, Date.now()];
      return act(world, ledger, { at, kind, ...drawPlaces(world.random), road: 'rest', loss: 'none', node: index });
    });
    const { signal } = heard;
    await sleep(afterMs - UNDER_WAY_MS, undefined, { signal }).catch(() => undefined);
    const sends = spread(UNDER_WAY, 2 * UNDER_WAY_MS, () => this.#sendInto(world.nextQuietGroup(), index));
    await sleep(UNDER_WAY_MS, undefined, { signal }).catch(() => undefined);
    node.kill(downMs);
    await Promise.all([adds, changes, sends]);
  }

  /** Nothing else tells the newcomer of the chat: it stays as quiet as before. */
  async #addTo({ id, members }: QuietChat, node: number, onHeard: () => void): Promise<void> {
    const { world, ledger } = this;
    const devices = members.flatMap((member) => member.devices);
    const person = pick(members, world.random.next())!;
    const other = pick(
      world.people.filter((candidate) => !members.includes(candidate)),
      world.random.next(),
    );
    if (!other) return;
    ledger.counters.count('joins');
    const request = { method: 'POST', path: `/chat/${id}/participants`, body: { user_ids: [other.id] } } as const;
    const polling = setInterval(() => {
      if (devices.some(({ replica }) => replica.chats.get(id)?.participants.has(other.id))) onHeard();
    }, POLL_MS);
    const isDone = await changeGroup(world, ledger, { ...request, token: person.token, node });
    clearInterval(polling);
    if (isDone) members.push(other);
  }

  async #restartPostgres({ mode, downMs }: Of<'restart PostgreSQL'>): Promise<void> {
    this.#count(`PostgreSQL restarted (${mode})`);
    await this.cluster.restartPostgres(mode, downMs);
  }

  async #stopBroker({ mode, ms }: Of<'stop broker'>): Promise<void> {
    const { broker } = this.cluster;
    this.#count(mode === 'freeze' ? 'broker frozen' : 'broker shut down');
    if (mode === 'freeze') broker.freeze();
    else await broker.shutDown();
    const sends: Promise<void>[] = [];
    for (const until = Date.now() + ms; Date.now() < until;) {
      await sleep(OUTAGE_SENDS_MS);
      sends.push(this.#sendInto(this.world.nextQuietGroup()));
    }
    if (mode === 'freeze') broker.unfreeze();
    else await broker.startAgain();
    await Promise.all(sends);
  }

  /** The message is committed while the others' devices are between being away and being there. */
  async #reconnectWhileSending({ afterMs }: Of<'reconnect while sending'>): Promise<void> {
    const chat = this.world.nextQuietPair();
    this.#count('reconnect while somebody sends');
    for (const device of chat.members.flatMap(({ devices }) => devices)) device.leave(0);
    await sleep(afterMs);
    await this.#sendInto(chat);
  }

  async #disturbDevice(fault: Of<'cut connection' | 'freeze connection' | 'stay away' | 'reload'>): Promise<void> {
    const device = pick(
      this.world.devices.filter(({ isReading }) => isReading),
      fault.which,
    );
    if (!device) return;
    switch (fault.kind) {
      case 'cut connection':
        this.#count('connection cut');
        device.leave(0);
        return;
      case 'stay away':
        this.#count('device away');
        device.leave(fault.ms);
        return;
      case 'reload':
        this.#count('device reloaded');
        device.reload?.();
        return;
      case 'freeze connection':
        this.#count('connection frozen');
        await device.freeze(fault.ms);
    }
  }

  #sendInto({ id, members }: QuietChat, node?: number): Promise<void> {
    const { world, ledger } = this;
    const person = pick(members, world.random.next())!;
    return sendMessage(ledger, person, id, { road: 'rest', loss: 'none', node });
  }
}

/** Does something so many times, spread over a while. */
async function spread(count: number, ms: number, something: (n: number) => Promise<void>): Promise<void> {
  const all = Array.from({ length: count }, async (_, n) => {
    await sleep((n * ms) / count);
    await something(n);
  });
  await Promise.all(all);
}
