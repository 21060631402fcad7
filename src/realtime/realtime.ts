import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../shared/logger.js';
import type { Broker, BrokerListener, Channel } from './broker.js';
import { CLOSE, type Close } from './close-codes.js';
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

const TICK_MS = 1000;
const CLOSING_POLL_MS = 20;
/** A broker that comes and goes would have everybody sync again and again. */
const RESYNC_APART_MS = 5000;
/** Nobody needs to be told more often that somebody is typing. */
const TYPING_MS = 3000;
/** How many typists are remembered, so that they cost no more than this. */
const MAX_TYPING = 10_000;

/** A connection, of whichever kind. */
interface Open {
  readonly userId: number;
  tick(now: number): void;
  close(close: Close): void;
}

/** What a node does in real time. */
export class Realtime implements Publisher, BrokerListener {
  readonly #broker: Broker;
  readonly #hub: Hub;
  readonly #healer: Healer;
  readonly #store: Store;
  readonly #log: Logger;
  readonly #presence: Presence;
  readonly #flusher = new Flusher();
  readonly #open = new Set<Open>();
  readonly #typing = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;
  #resyncTimer: NodeJS.Timeout | undefined;
  #resyncAgain = false;
  #stopping = false;
  /** Connections of which it is not known whose they are; counted anew with each tick. */
  #unknown = 0;

  constructor(broker: Broker, registry: PresenceRegistry, store: Store, log: Logger) {
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
    this.#healer = new Healer(this.#hub, store, log, () => {
      this.#log.warn('the database has been restored; all connections are closed, so that clients begin afresh');
      this.#closeAll(CLOSE.restored);
    });
  }

  /**
   * Whether there is room for another among so many connections, and the node does not stop.
   * @param known whether it is known whose it is. Of the others there may be a tenth, so that they keep nobody out.
   */
  accepts(maxConnections: number, known: boolean): boolean {
    if (this.#stopping || this.#open.size >= maxConnections) return false;
    return known || this.#unknown < maxConnections / 10;
  }

  start(): void {
    this.#healer.start();
    this.#presence.start();
    this.#timer = setInterval(() => {
      const now = Date.now();
      for (const connection of this.#open) connection.tick(now);
      this.#unknown = 0;
      for (const { userId } of this.#open) if (userId === 0) this.#unknown++;
    }, TICK_MS).unref();
  }

  /** Closes all connections; those that do not answer are cut off a little later, for which the ticks go on. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#healer.stop();
    this.#closeAll(CLOSE.goingAway);
    await this.#presence.stop();
    this.#hub.close();
    while (this.#open.size > 0) await sleep(CLOSING_POLL_MS);
    clearInterval(this.#timer);
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

  /** @param known whether it is known whose it is. */
  open(
    connection: Connection,
    services: Pick<SessionServices, 'frames' | 'identify' | 'describeError'>,
    known: boolean,
  ): { readonly session: Session; readonly closed: () => void } {
    const session = new Session(connection, {
      ...services,
      hub: this.#hub,
      flusher: this.#flusher,
      epoch: () => this.#store.epoch(),
      presence: this.#presence,
      typing: (userId, chatId) => this.#type(userId, chatId),
    });
    this.#open.add(session);
    if (!known) this.#unknown++;
    return {
      session,
      closed: () => {
        this.#open.delete(session);
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
  ): { readonly opened: Promise<void>; readonly closed: () => void } {
    const stream = new EventStream(identity, output, cursor, this.#hub, source);
    this.#open.add(stream);
    const closed = () => {
      this.#open.delete(stream);
      stream.closed();
    };
    const opened = stream.open().catch((error: unknown) => {
      closed();
      throw error;
    });
    return { opened, closed };
  }

  #closeAll(close: Close): void {
    for (const connection of this.#open) connection.close(close);
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
