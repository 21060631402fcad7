import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../shared/logger.js';
import { trackConnections } from '../shared/metrics.js';
import type { Broker, BrokerListener, Channel } from './broker.js';
import type { Identity, Refusal } from '../shared/credential.js';
import type { Connection, InspectFrame } from './connections/connection.js';
import { EventStream, type StreamSource, type TextOutput } from './connections/event-stream.js';
import { OpenConnections } from './connections/open-connections.js';
import { Session, type SessionServices } from './connections/session.js';
import { WaitingBytes } from './connections/waiting-bytes.js';
import { Hub } from './delivery/hub.js';
import { Reconciler } from './delivery/reconciler.js';
import { WriteBatcher } from './delivery/write-batcher.js';
import type { PresenceRegistry } from './presence-registry.js';
import { Presence } from './presence/presence.js';
import { CLOSE, type Close } from './protocol/close-codes.js';
import { EncodedEvent, type ChatEvent, type OwnEvent, type PeopleEvent, type Publisher } from './protocol/event.js';
import type { StreamCursor } from './protocol/stream-cursor.js';
import type { Store } from './store.js';

const TICK_MS = 1000;
const WAITING_CHECK_MS = 250;
const CLOSING_POLL_MS = 20;
/** A broker that comes and goes would have everybody sync again and again. */
const RESYNC_APART_MS = 5000;
interface RealtimeOptions {
  readonly broker: Broker;
  readonly registry: PresenceRegistry;
  readonly store: Store;
  readonly log: Logger;
  /** How many connections may be open at once. */
  readonly maxConnections: number;
  readonly inspect?: InspectFrame | undefined;
}

/** What a node does in real time. */
export class Realtime implements Publisher, BrokerListener {
  readonly #broker: Broker;
  readonly #hub: Hub;
  readonly #reconciler: Reconciler;
  readonly #store: Store;
  readonly #log: Logger;
  readonly #writes = new WriteBatcher();
  readonly #connections: OpenConnections;
  readonly #waiting = new WaitingBytes();
  readonly #inspect: InspectFrame | undefined;
  /** Who is online. */
  readonly presence: Presence;
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #untrack: () => void;
  #resyncTimer: NodeJS.Timeout | undefined;
  #resyncAgain = false;
  #stopping = false;

  constructor({ broker, registry, store, log, maxConnections, inspect }: RealtimeOptions) {
    this.#connections = new OpenConnections(maxConnections);
    this.#untrack = trackConnections(() => this.#connections.countByState());
    this.#broker = broker;
    this.#store = store;
    this.#log = log;
    this.#inspect = inspect;
    this.presence = new Presence(registry, store, broker, log);
    this.#hub = new Hub(broker, store, this.#writes, log, {
      onArrived: (userId) => {
        this.presence.arrived(userId);
      },
      onLeft: (userId) => {
        this.presence.left(userId);
      },
    });
    broker.listen(this);
    this.#reconciler = new Reconciler(this.#hub, store, log, {
      onRestored: () => {
        this.#log.warn('the database has been restored; all connections are closed, so that clients begin afresh');
        this.#closeAll(CLOSE.restored);
      },
      onGone: (userIds) => {
        for (const connection of this.#connections) {
          if (userIds.has(connection.userId)) connection.close(CLOSE.notAuthorized);
        }
      },
    });
  }

  /** Whether there is room for another connection of the network, and the node does not stop. */
  accepts(network: string): boolean {
    return !this.#stopping && this.#connections.hasRoomFor(network);
  }

  start(): void {
    this.#reconciler.start();
    this.presence.start();
    const tick = setInterval(() => {
      this.#connections.tick(Date.now());
    }, TICK_MS);
    const check = setInterval(() => {
      for (const connection of this.#waiting.check(this.#connections)) connection.close(CLOSE.tooSlow);
    }, WAITING_CHECK_MS);
    this.#timers.push(tick.unref(), check.unref());
  }

  /** Closes all connections. Connections that do not answer are cut off a little later, for which the ticks go on. */
  async stop(): Promise<void> {
    this.#stopping = true;
    const reconciled = this.#reconciler.stop();
    this.#closeAll(CLOSE.goingAway);
    await this.presence.stop();
    this.#hub.close();
    while (this.#connections.size > 0) await sleep(CLOSING_POLL_MS);
    for (const timer of this.#timers) clearInterval(timer);
    clearTimeout(this.#resyncTimer);
    this.#untrack();
    await reconciled;
  }

  receive(channel: Channel, event: EncodedEvent): void {
    const [kind, text] = channel.split(':');
    const id = Number(text);
    if (kind === 'chat') this.#hub.receive(id, event);
    else if (kind === 'user') this.#hub.receiveForUser(id, event);
    else this.presence.changed(id, event.head.watcherId);
  }

  brokerReturned(): void {
    if (this.#resyncTimer) {
      this.#resyncAgain = true;
      return;
    }
    this.#log.info('the broker is back; clients are asked to sync');
    void this.#hub.resync();
    this.#resyncTimer = setTimeout(() => {
      this.#resyncTimer = undefined;
      if (!this.#resyncAgain) return;
      this.#resyncAgain = false;
      this.brokerReturned();
    }, RESYNC_APART_MS).unref();
  }

  publish(event: ChatEvent): void {
    const isChange = event.pts !== undefined && event.role === undefined;
    const encoded = EncodedEvent.of(event, isChange ? { committedAt: Date.now() } : {});
    this.#broker.publish(`chat:${event.chatId}`, encoded);
  }

  publishToUsers(userIds: readonly number[], event: ChatEvent): void {
    const encoded = EncodedEvent.of(event);
    for (const id of userIds) this.#broker.publish(`user:${id}` satisfies Channel, encoded);
  }

  publishOwn(userId: number, event: OwnEvent): void {
    this.#broker.publish(`user:${userId}`, EncodedEvent.of(event));
  }

  /** Whether nobody is connected to this node. */
  get isIdle(): boolean {
    return this.#hub.users.size === 0;
  }

  /** Tells the user, and those who are in one of the chats with them, when they are connected to this node. */
  tellContacts(userId: number, chatIds: readonly number[], event: PeopleEvent): void {
    this.#hub.tellContacts(userId, chatIds, EncodedEvent.of(event));
  }

  /** Whether the user, who has a connection to this node, takes part in the chat. */
  takesPart(userId: number, chatId: number): Promise<boolean> {
    return this.#hub.takesPart(userId, chatId);
  }

  /**
   * @param network from where it comes.
   * @param isKnown whether it is known whose it is.
   */
  open(
    connection: Connection,
    services: Pick<SessionServices, 'frames' | 'identify' | 'admit' | 'describeError'>,
    network: string,
    isKnown: boolean,
  ): { readonly session: Session; readonly closed: () => void } {
    const session = new Session(connection, {
      ...services,
      hub: this.#hub,
      writes: this.#writes,
      epoch: () => this.#store.epoch(),
      waiting: this.#waiting,
      forget: (listener) => {
        this.presence.forget(listener);
      },
      inspect: this.#inspect,
    });
    this.#connections.add(session, network, isKnown);
    return {
      session,
      closed: () => {
        this.#connections.delete(session);
        session.closed();
      },
    };
  }

  /**
   * @param cursor from where it goes on; undefined: from now; `lost`: from now, and the client is told to sync.
   * @returns `opened` settles when events come; it fails with NOT_AUTHORIZED when the user is gone, TOO_MANY_REQUESTS,
   * SERVICE_UNAVAILABLE, and errors of the database.
   */
  openStream(
    identity: Identity,
    output: TextOutput,
    cursor: StreamCursor | 'lost' | undefined,
    source: StreamSource,
    network: string,
  ): { readonly opened: Promise<void>; readonly closed: () => void } {
    const services = { hub: this.#hub, source, waiting: this.#waiting, inspect: this.#inspect };
    const stream = new EventStream(identity, output, cursor, services);
    this.#connections.add(stream, network, true);
    const closed = () => {
      this.#connections.delete(stream);
      stream.closed();
    };
    const opened = stream.open().catch((error: unknown) => {
      closed();
      throw error;
    });
    return { opened, closed };
  }

  /** Ends the connections whose tokens do not count any more. */
  endRevoked(refusalOf: (identity: Identity) => Refusal | undefined): void {
    for (const connection of this.#connections) {
      const refusal = connection.identity && refusalOf(connection.identity);
      if (refusal) connection.close(refusal === 'USER_SUSPENDED' ? CLOSE.suspended : CLOSE.revoked);
    }
  }

  #closeAll(close: Close): void {
    for (const connection of this.#connections) connection.close(close);
  }
}
