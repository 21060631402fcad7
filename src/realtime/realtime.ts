import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../shared/logger.js';
import type { Broker, BrokerListener, Channel } from './broker.js';
import { CLOSE, type Close } from './close-codes.js';
import { Connections } from './connections.js';
import { EventStream, type StreamSource, type TextOutput } from './event-stream.js';
import { EncodedEvent, type ChatEvent, type Publisher } from './event.js';
import { Flusher } from './flusher.js';
import { Healer } from './healer.js';
import { Hub } from './hub.js';
import type { PresenceRegistry } from './presence-registry.js';
import { Presence } from './presence.js';
import { Session, type Connection, type Identity, type SessionServices } from './session.js';
import type { StreamCursor } from './stream-cursor.js';
import type { Store } from './store.js';
import { WaitingBytes } from './waiting-bytes.js';

const TICK_MS = 1000;
const WAITING_CHECK_MS = 250;
const CLOSING_POLL_MS = 20;
/** A broker that comes and goes would have everybody sync again and again. */
const RESYNC_APART_MS = 5000;
/** Nobody needs to be told more often that somebody is typing. */
const TYPING_MS = 3000;
/** How many typists are remembered, so that they cost no more than this. */
const MAX_TYPING = 10_000;

/** What a node does in real time. */
export class Realtime implements Publisher, BrokerListener {
  readonly #broker: Broker;
  readonly #hub: Hub;
  readonly #healer: Healer;
  readonly #store: Store;
  readonly #log: Logger;
  readonly #presence: Presence;
  readonly #flusher = new Flusher();
  readonly #connections: Connections;
  readonly #waiting = new WaitingBytes();
  readonly #typing = new Map<string, number>();
  readonly #timers: NodeJS.Timeout[] = [];
  #resyncTimer: NodeJS.Timeout | undefined;
  #resyncAgain = false;
  #stopping = false;

  /** @param maxConnections how many may be open at once. */
  constructor(broker: Broker, registry: PresenceRegistry, store: Store, log: Logger, maxConnections: number) {
    this.#connections = new Connections(maxConnections);
    this.#broker = broker;
    this.#store = store;
    this.#log = log;
    this.#presence = new Presence(registry, store, broker, log);
    this.#hub = new Hub(broker, store, this.#flusher, log, {
      onArrived: (userId) => {
        this.#presence.arrived(userId);
      },
      onLeft: (userId) => {
        this.#presence.left(userId);
      },
    });
    broker.listen(this);
    this.#healer = new Healer(this.#hub, store, log, {
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
    this.#healer.start();
    this.#presence.start();
    const tick = setInterval(() => {
      this.#connections.tick(Date.now());
    }, TICK_MS);
    const check = setInterval(() => {
      for (const connection of this.#waiting.check(this.#connections)) connection.close(CLOSE.tooSlow);
    }, WAITING_CHECK_MS);
    this.#timers.push(tick.unref(), check.unref());
  }

  /** Closes all connections; those that do not answer are cut off a little later, for which the ticks go on. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#healer.stop();
    this.#closeAll(CLOSE.goingAway);
    await this.#presence.stop();
    this.#hub.close();
    while (this.#connections.size > 0) await sleep(CLOSING_POLL_MS);
    for (const timer of this.#timers) clearInterval(timer);
    clearTimeout(this.#resyncTimer);
  }

  receive(channel: Channel, event: EncodedEvent): void {
    const [kind, text] = channel.split(':');
    const id = Number(text);
    if (kind === 'chat') this.#hub.receive(id, event);
    else if (kind === 'user') this.#hub.receiveForUser(id, event);
    else this.#presence.changed(id);
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
    this.#broker.publish(`chat:${event.chatId}`, EncodedEvent.of(event));
  }

  tell(userIds: readonly number[], event: ChatEvent): void {
    const encoded = EncodedEvent.of(event);
    for (const id of userIds) this.#broker.publish(`user:${id}` satisfies Channel, encoded);
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
      flusher: this.#flusher,
      epoch: () => this.#store.epoch(),
      presence: this.#presence,
      waiting: this.#waiting,
      typing: (userId, chatId) => this.#type(userId, chatId),
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
   * @param cursor from where it goes on.
   * @returns `opened` settles when events come; it fails with NOT_AUTHORIZED when the user is gone, TOO_MANY_REQUESTS,
   * SERVICE_UNAVAILABLE, and whatever the database says.
   */
  openStream(
    identity: Identity,
    output: TextOutput,
    cursor: StreamCursor | undefined,
    source: StreamSource,
    network: string,
  ): { readonly opened: Promise<void>; readonly closed: () => void } {
    const stream = new EventStream(identity, output, cursor, this.#hub, source, this.#waiting);
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

  #closeAll(close: Close): void {
    for (const connection of this.#connections) connection.close(close);
  }

  async #type(userId: number, chatId: number): Promise<boolean> {
    if (!(await this.#hub.takesPart(userId, chatId))) return false;
    const key = `${chatId}:${userId}`;
    const now = Date.now();
    if (now - (this.#typing.get(key) ?? 0) < TYPING_MS) return true;
    if (this.#typing.size >= MAX_TYPING) this.#typing.clear();
    this.#typing.set(key, now);
    this.publish({ type: 'typing', chatId, data: { user_id: userId }, exceptUserId: userId });
    return true;
  }
}
