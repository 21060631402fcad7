import type { PresenceRegistry } from '../../realtime/index.js';
import { PRESENCE_EXPIRY_MS } from '../cluster.js';
import type { NatsLink } from './nats-link.js';

/** One notice carries so many ids: NATS takes 1 MiB by default. */
const MAX_IDS = 10_000;
const SUBJECT = 'online';

/** What a node tells the others. */
interface Notice {
  readonly node: string;
  readonly arrived?: readonly number[];
  readonly left?: readonly number[];
  /** The node is new, or was away: the others say who is connected to them. */
  readonly asks?: true;
}

/** Each node tells the others who is connected to it, again and again, and believes what it hears for half a minute. */
export class NatsPresence implements PresenceRegistry {
  readonly #link: NatsLink;
  readonly #node: string;
  readonly #here = new Set<number>();
  /** By user: the other nodes that have them, and until when (Unix time in ms) that is believed. */
  readonly #elsewhere = new Map<number, Map<string, number>>();

  /** @param node a name that no other process has. */
  constructor(link: NatsLink, node: string) {
    this.#link = link;
    this.#node = node;
    link.subscribe(SUBJECT, (text) => {
      this.#receive(JSON.parse(text) as Notice);
    });
    link.onConnected(() => {
      this.#tell({ asks: true });
      this.#tellArrived([...this.#here]);
    });
  }

  async arrived(userIds: readonly number[]): Promise<void> {
    for (const id of userIds) this.#here.add(id);
    this.#forgetExpired();
    this.#tellArrived(userIds);
    await this.#link.flushed();
  }

  async left(userId: number): Promise<void> {
    this.#here.delete(userId);
    this.#tell({ left: [userId] });
    await this.#link.flushed();
  }

  online(userIds: readonly number[]): Promise<ReadonlySet<number>> {
    if (!this.#link.isConnected) return Promise.reject(new Error('NATS is away'));
    const now = Date.now();
    const isElsewhere = (id: number) => [...(this.#elsewhere.get(id)?.values() ?? [])].some((until) => until > now);
    return Promise.resolve(new Set(userIds.filter((id) => this.#here.has(id) || isElsewhere(id))));
  }

  #tell(notice: Omit<Notice, 'node'>): void {
    this.#link.publish(SUBJECT, JSON.stringify({ node: this.#node, ...notice }));
  }

  #tellArrived(userIds: readonly number[]): void {
    for (let start = 0; start < userIds.length; start += MAX_IDS)
      this.#tell({ arrived: userIds.slice(start, start + MAX_IDS) });
  }

  #receive({ node, arrived = [], left = [], asks }: Notice): void {
    const until = Date.now() + PRESENCE_EXPIRY_MS;
    for (const id of arrived) {
      const nodes = this.#elsewhere.get(id);
      if (nodes) nodes.set(node, until);
      else this.#elsewhere.set(id, new Map([[node, until]]));
    }
    for (const id of left) this.#forget(id, node);
    if (asks) this.#tellArrived([...this.#here]);
  }

  #forget(userId: number, node: string): void {
    const nodes = this.#elsewhere.get(userId);
    nodes?.delete(node);
    if (nodes?.size === 0) this.#elsewhere.delete(userId);
  }

  #forgetExpired(): void {
    const now = Date.now();
    for (const [id, nodes] of this.#elsewhere) {
      for (const [node, until] of nodes) if (until <= now) this.#forget(id, node);
    }
  }
}
