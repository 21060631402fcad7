import type { Logger } from '../../shared/logger.js';
import type { Broker } from '../broker.js';
import { FrameBatch } from '../delivery/frame-batch.js';
import type { Listener } from '../delivery/user-channel.js';
import { EncodedEvent } from '../protocol/event.js';
import type { Store } from '../store.js';
import type { PresenceRegistry } from '../presence-registry.js';

/** Whether a user is there. */
export interface UserPresence {
  readonly user_id: number;
  /** Whether they have a connection. */
  readonly online: boolean;
  /** When their last connection began or ended, as ISO 8601; null: never yet. */
  readonly last_seen_at: string | null;
}

/** The event that tells of one. */
export const PRESENCE_EVENT = 'presence';

/** Who comes back within this time, such as on another network, has not been away. */
const GRACE_MS = 5000;
/** How often the registry is told that its users are still connected, and asked for users whose node may have died. */
const REFRESH_MS = 10_000;
const SEEN_MS = 1000;
/** Of a connection. */
export const MAX_WATCHED = 500;

/** Knows who is online, and tells the connections that asked. */
export class Presence {
  readonly #registry: PresenceRegistry;
  readonly #store: Store;
  readonly #broker: Broker;
  readonly #log: Logger;
  readonly #here = new Set<number>();
  readonly #leaving = new Map<number, NodeJS.Timeout>();
  /** By the user of whom they are told; true: the two may not know of each other. */
  readonly #watchers = new Map<number, Map<Listener, boolean>>();
  /** Those who watch anybody, by their user. */
  readonly #watching = new Map<number, Set<Listener>>();
  /** What watchers have been told last. */
  readonly #told = new Map<number, boolean>();
  readonly #watched = new Map<Listener, Set<number>>();
  #seen = new Set<number>();
  /** Users whose presence may have changed. */
  readonly #due = new Set<number>();
  /** Users of whom others may or may not know from now on, and who these are. */
  readonly #duePairs = new Map<number, Set<number>>();
  /** Users of whom all others may or may not know from now on, and they of all others. */
  readonly #dueOfAll = new Set<number>();
  #telling = false;
  readonly #failing = new Set<'registry' | 'database'>();
  readonly #timers: NodeJS.Timeout[] = [];

  constructor(registry: PresenceRegistry, store: Store, broker: Broker, log: Logger) {
    this.#registry = registry;
    this.#store = store;
    this.#broker = broker;
    this.#log = log;
  }

  start(): void {
    this.#timers.push(
      setInterval(() => void this.#safely('database', () => this.#refresh()), REFRESH_MS).unref(),
      setInterval(() => void this.#safely('database', () => this.#writeSeen()), SEEN_MS).unref(),
    );
  }

  /** The users of this node are not there any more. */
  async stop(): Promise<void> {
    for (const timer of [...this.#timers, ...this.#leaving.values()]) clearTimeout(timer);
    await Promise.all([...this.#here].map((id) => this.#gone(id)));
    await this.#safely('database', () => this.#writeSeen());
  }

  /** The first connection of a user to this node. */
  arrived(userId: number): void {
    clearTimeout(this.#leaving.get(userId));
    if (this.#leaving.delete(userId) || this.#here.has(userId)) return;
    this.#here.add(userId);
    this.#seen.add(userId);
    void this.#announceAfter(userId, this.#registry.arrived([userId]));
  }

  /** The last one has gone. */
  left(userId: number): void {
    if (!this.#here.has(userId) || this.#leaving.has(userId)) return;
    const timer = setTimeout(() => {
      this.#leaving.delete(userId);
      void this.#gone(userId);
    }, GRACE_MS).unref();
    this.#leaving.set(userId, timer);
  }

  /**
   * From now on the listener is told of the users who share a chat with its user; of MAX_WATCHED in all.
   * @returns how they are now; the others are left out.
   */
  async watch(listener: Listener, userIds: readonly number[]): Promise<UserPresence[]> {
    const watched = this.#watched.get(listener) ?? new Set();
    this.#watched.set(listener, watched);
    const unwatched = userIds.filter((id) => !watched.has(id));
    const contacts =
      unwatched.length === 0 ? [] : await this.#store.contacts(listener.userId, unwatched, listener.chats);
    // The listener has left meanwhile.
    if (this.#watched.get(listener) !== watched) return [];
    const fresh = contacts.filter(({ userId }) => !watched.has(userId)).slice(0, MAX_WATCHED - watched.size);
    for (const { userId, isHidden } of fresh) {
      watched.add(userId);
      const watchers = this.#watchers.get(userId);
      if (watchers) watchers.set(listener, isHidden);
      else this.#watchers.set(userId, new Map([[listener, isHidden]]));
    }
    const channels = fresh.map(({ userId }) => `presence:${userId}` as const);
    if (fresh.length > 0) {
      this.#watching.set(listener.userId, new Set([listener, ...(this.#watching.get(listener.userId) ?? [])]));
      channels.push(`presence:${listener.userId}`);
    }
    await this.#broker.subscribe(channels);
    return this.#stateFor(
      listener,
      userIds.filter((id) => watched.has(id)),
    );
  }

  /** How the users are, read once the node hears of what changes. Those who share no chat with the listener's user any more are left out. */
  async #stateFor(listener: Listener, userIds: readonly number[]): Promise<UserPresence[]> {
    const now = userIds.length === 0 ? [] : await this.#store.contacts(listener.userId, userIds, listener.chats);
    const online = await this.#online(now.map(({ userId }) => userId));
    return now.map(({ userId, lastSeenAt, isHidden }) => {
      const watchers = this.#watchers.get(userId);
      if (watchers && !this.#told.has(userId)) this.#told.set(userId, online.has(userId));
      if (watchers?.has(listener)) watchers.set(listener, isHidden);
      return isHidden ? unseen(userId) : { user_id: userId, online: online.has(userId), last_seen_at: lastSeenAt };
    });
  }

  unwatch(listener: Listener, userIds: Iterable<number>): void {
    const watched = this.#watched.get(listener);
    if (!watched) return;
    for (const userId of userIds) {
      if (!watched.delete(userId)) continue;
      const watchers = this.#watchers.get(userId);
      watchers?.delete(listener);
      if (watchers?.size !== 0) continue;
      this.#watchers.delete(userId);
      this.#told.delete(userId);
      this.#unsubscribe(userId);
    }
    if (watched.size > 0) return;
    this.#watched.delete(listener);
    const watching = this.#watching.get(listener.userId);
    if (!watching?.delete(listener) || watching.size > 0) return;
    this.#watching.delete(listener.userId);
    this.#unsubscribe(listener.userId);
  }

  /** Unless the user is still watched, or watches. */
  #unsubscribe(userId: number): void {
    if (this.#watchers.has(userId) || this.#watching.has(userId)) return;
    this.#broker.unsubscribe([`presence:${userId}`]);
  }

  /** The connection is gone. */
  forget(listener: Listener): void {
    this.unwatch(listener, [...(this.#watched.get(listener) ?? [])]);
  }

  /**
   * Something has changed for the user, on whichever node.
   * @param watcherId who may or may not know of them from now on; `all`: nor they of others; undefined: they have come or gone.
   */
  changed(userId: number, watcherId?: number | 'all'): void {
    void this.#safely('database', () => {
      if (watcherId === undefined) return this.#tellOf([userId]);
      if (watcherId === 'all') this.#dueOfAll.add(userId);
      else this.#duePairs.set(userId, new Set([watcherId, ...(this.#duePairs.get(userId) ?? [])]));
      return this.#tellOf([]);
    });
  }

  /** From now on the two may know of each other, or may not: all nodes look. */
  visibilityChanged(oneId: number, otherId: number): void {
    this.#broker.publish(`presence:${oneId}`, EncodedEvent.signal({ watcherId: otherId }));
    this.#broker.publish(`presence:${otherId}`, EncodedEvent.signal({ watcherId: oneId }));
  }

  /** From now on the user and all others may know of each other, or may not: all nodes look. */
  visibilityToAllChanged(userId: number): void {
    this.#broker.publish(`presence:${userId}`, EncodedEvent.signal({ watcherId: 'all' }));
  }

  async #gone(userId: number): Promise<void> {
    this.#here.delete(userId);
    this.#seen.add(userId);
    await this.#announceAfter(userId, this.#registry.left(userId));
  }

  /** Also when the registry could not be told: then those on this node hear of it. */
  async #announceAfter(userId: number, registered: Promise<void>): Promise<void> {
    await this.#safely('registry', () => registered);
    this.#broker.publish(`presence:${userId}`, EncodedEvent.signal());
  }

  /** Users who are connected to this node are known without asking. */
  async #online(userIds: readonly number[]): Promise<ReadonlySet<number>> {
    const elsewhere = userIds.filter((id) => !this.#here.has(id));
    const online = elsewhere.length === 0 ? new Set<number>() : await this.#onlineElsewhere(elsewhere);
    return new Set(userIds.filter((id) => this.#here.has(id) || online.has(id)));
  }

  /** While the registry is away everybody is there who was there before. */
  async #onlineElsewhere(userIds: readonly number[]): Promise<ReadonlySet<number>> {
    let online: ReadonlySet<number> = new Set(userIds.filter((id) => this.#told.get(id)));
    await this.#safely('registry', async () => {
      online = await this.#registry.online(userIds);
    });
    return online;
  }

  /** One after the other, so that what is told last is what was found last. */
  async #tellOf(userIds: Iterable<number>): Promise<void> {
    for (const userId of userIds) this.#due.add(userId);
    if (this.#telling) return;
    this.#telling = true;
    try {
      while (this.#due.size > 0 || this.#duePairs.size > 0 || this.#dueOfAll.size > 0) {
        for (const userId of this.#dueOfAll) await this.#revealToAll(userId);
        for (const [userId, watcherIds] of this.#duePairs) await this.#reveal(userId, watcherIds);
        const due = [...this.#due];
        this.#due.clear();
        await this.#tell(due);
      }
    } finally {
      this.#telling = false;
    }
  }

  async #tell(userIds: readonly number[]): Promise<void> {
    const online = await this.#online(userIds);
    const changed = userIds.filter((id) => this.#watchers.has(id) && this.#told.get(id) !== online.has(id));
    for (const userId of changed) {
      const asked = [...(this.#watchers.get(userId)?.keys() ?? [])];
      await this.#tellWatchers(userId, asked, { online: online.has(userId), hasChanged: true });
    }
  }

  /** The same for all who watch the user, and for the user of those whom they watch. */
  async #revealToAll(userId: number): Promise<void> {
    // Once more when it changes again meanwhile.
    this.#dueOfAll.delete(userId);
    try {
      const watcherIds = [...(this.#watchers.get(userId)?.keys() ?? [])].map((listener) => listener.userId);
      await this.#reveal(userId, new Set(watcherIds));
      for (const listener of this.#watching.get(userId) ?? []) await this.#revealTo(listener);
    } catch (error) {
      this.#dueOfAll.add(userId);
      throw error;
    }
  }

  /** Tells the listener of those of whom its user may or may not know from now on. */
  async #revealTo(listener: Listener): Promise<void> {
    const isHidden = (id: number) => this.#watchers.get(id)?.get(listener);
    const before = new Map([...(this.#watched.get(listener) ?? [])].map((id) => [id, isHidden(id)]));
    const now = await this.#stateFor(listener, [...before.keys()]);
    const changed = now.filter(({ user_id: id }) => isHidden(id) !== before.get(id));
    if (changed.length > 0) listener.deliver(batchOf(...changed));
  }

  /** Tells those watchers for whom it has changed whether they may know of the user. */
  async #reveal(userId: number, watcherIds: ReadonlySet<number>): Promise<void> {
    const watchers = [...(this.#watchers.get(userId)?.keys() ?? [])];
    const asked = watchers.filter((listener) => watcherIds.has(listener.userId));
    if (asked.length > 0) {
      const online = (await this.#online([userId])).has(userId);
      await this.#tellWatchers(userId, asked, { online, hasChanged: false });
    }
    // Only now, so that a look-up that failed is tried again; unless more have come meanwhile.
    if (this.#duePairs.get(userId) === watcherIds) this.#duePairs.delete(userId);
  }

  /**
   * Those of them who share no chat with the user any more are no more watchers. Those who may not know of the user are told
   * once that nobody is there.
   * @param hasChanged whether the user has come or gone; otherwise only those are told who may or may not know from now on.
   */
  async #tellWatchers(
    userId: number,
    asked: readonly Listener[],
    { online, hasChanged }: { online: boolean; hasChanged: boolean },
  ): Promise<void> {
    const contacts = await this.#store.contacts(userId, [userId, ...asked.map((listener) => listener.userId)]);
    const found = new Map(contacts.map((contact) => [contact.userId, contact]));
    const cutOff = await this.#cutOff(userId, asked);
    for (const listener of asked)
      if (!found.has(listener.userId) || cutOff.has(listener)) this.unwatch(listener, [userId]);
    const watchers = this.#watchers.get(userId);
    if (!watchers) return;
    // Noted only now, so that a look-up that failed is tried again.
    if (hasChanged) this.#told.set(userId, online);
    // A user whose time is not written yet was here just now.
    const lastSeenAt = this.#seen.has(userId) ? new Date().toISOString() : (found.get(userId)?.lastSeenAt ?? null);
    const shown = batchOf({ user_id: userId, online, last_seen_at: lastSeenAt });
    const hidden = batchOf(unseen(userId));
    for (const listener of asked) {
      const wasHidden = watchers.get(listener);
      if (wasHidden === undefined) continue;
      const isHidden = found.get(listener.userId)?.isHidden ?? wasHidden;
      watchers.set(listener, isHidden);
      if (isHidden !== wasHidden || (hasChanged && !isHidden)) listener.deliver(isHidden ? hidden : shown);
    }
  }

  /** Those listeners whose tokens are narrowed to chats of which they share none with the user any more. */
  async #cutOff(userId: number, asked: readonly Listener[]): Promise<ReadonlySet<Listener>> {
    const narrowed = asked.filter((listener) => listener.chats !== undefined && listener.userId !== userId);
    if (narrowed.length === 0) return new Set();
    const pairs = narrowed.flatMap(({ userId: watcherId, chats = new Set<number>() }) =>
      [...chats].flatMap((chatId) => [
        { userId, chatId },
        { userId: watcherId, chatId },
      ]),
    );
    const rows = await this.#store.check(pairs);
    const membersOf = new Map<number, Set<number>>();
    for (const { userId: memberId, chatId } of rows)
      membersOf.set(chatId, (membersOf.get(chatId) ?? new Set()).add(memberId));
    const sharesOne = (listener: Listener) =>
      [...(listener.chats ?? [])].some((chatId) => {
        const members = membersOf.get(chatId);
        return members?.has(userId) && members.has(listener.userId);
      });
    return new Set(narrowed.filter((listener) => !sharesOne(listener)));
  }

  async #refresh(): Promise<void> {
    await this.#safely('registry', () => this.#registry.arrived([...this.#here]));
    await this.#tellOf(this.#watchers.keys());
  }

  async #writeSeen(): Promise<void> {
    if (this.#seen.size === 0) return;
    const seen = this.#seen;
    this.#seen = new Set();
    try {
      await this.#store.seen([...seen]);
    } catch (error) {
      this.#seen = new Set([...seen, ...this.#seen]);
      throw error;
    }
  }

  /** What fails is tried again with the next refresh. */
  async #safely(source: 'registry' | 'database', work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.#failing.delete(source);
    } catch (error) {
      const reason = (error as Error).message;
      if (!this.#failing.has(source)) this.#log.warn({ source, reason }, 'presence is not up to date; trying on');
      this.#failing.add(source);
    }
  }
}

/** What is told of a user of whom the reader may not know. */
function unseen(userId: number): UserPresence {
  return { user_id: userId, online: false, last_seen_at: null };
}

function batchOf(...users: readonly UserPresence[]): FrameBatch {
  return new FrameBatch(users.map((data) => EncodedEvent.ofFrame({ type: PRESENCE_EVENT, data })));
}
