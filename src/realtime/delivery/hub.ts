import { notAuthorized, serviceUnavailable, tooManyRequests } from '../../shared/errors.js';
import type { Logger } from '../../shared/logger.js';
import { measureGap } from '../../shared/metrics.js';
import type { Broker } from '../broker.js';
import { EncodedEvent, chatAdvanced } from '../protocol/event.js';
import type { Membership, OwnMemberships, Store } from '../store.js';
import { ChatChannel } from './chat-channel.js';
import { UserChannel, type Listener } from './user-channel.js';
import type { WriteBatcher } from './write-batcher.js';

/** How often a look-up is repeated because the user was removed and added again meanwhile: hardly once, never so often. */
const MAX_ROUNDS = 10;

/** Of a user, to this node. */
const MAX_CONNECTIONS = 100;

/** Everybody who is told to sync does so: not all at the same moment. */
const RESYNC_SLICE = 500;
const RESYNC_PAUSE_MS = 100;

/** Who is connected to this node, and which chats it listens to for them. */
export class Hub {
  readonly #chats = new Map<number, ChatChannel>();
  readonly #users = new Map<number, UserChannel>();
  readonly #broker: Broker;
  readonly #store: Store;
  readonly #writes: WriteBatcher;
  readonly #log: Logger;

  constructor(
    broker: Broker,
    store: Store,
    writes: WriteBatcher,
    log: Logger,
    private readonly callbacks: {
      /** The user has a first connection to this node. */
      readonly onArrived: (userId: number) => void;
      /** The user has none left. */
      readonly onLeft: (userId: number) => void;
    },
  ) {
    this.#broker = broker;
    this.#store = store;
    this.#writes = writes;
    this.#log = log;
  }

  /** The chats that this node listens to. */
  get chats(): ReadonlyMap<number, ChatChannel> {
    return this.#chats;
  }

  /** The users who are connected to this node. */
  get users(): ReadonlyMap<number, UserChannel> {
    return this.#users;
  }

  /**
   * Once this has settled the listener gets everything that happens in the chats of its user, until detach: attach first,
   * then read.
   * @throws NOT_AUTHORIZED when the user is gone, TOO_MANY_REQUESTS; errors of the database.
   */
  async attach(listener: Listener): Promise<void> {
    let user = this.#users.get(listener.userId);
    if (user && user.listeners.size + user.attaching >= MAX_CONNECTIONS)
      throw tooManyRequests({ retryAfterSeconds: 10 });
    if (!user) {
      user = new UserChannel(listener.userId, {
        onGap: (behind) => void this.#healOwnLog(behind),
        hasWelcomed: (userId, chatId) => this.hasWelcomed(userId, chatId),
      });
      this.#users.set(user.id, user);
      user.ready = this.#listenFor(user);
    }
    user.attaching++;
    try {
      await user.ready;
      user.listeners.add(listener);
      if (user.listeners.size === 1) this.callbacks.onArrived(user.id);
    } finally {
      user.attaching--;
      this.#forgetIfGone(user);
    }
  }

  detach(listener: Listener): void {
    const user = this.#users.get(listener.userId);
    if (!user?.listeners.delete(listener)) return;
    if (user.listeners.size === 0) this.callbacks.onLeft(user.id);
    this.#forgetIfGone(user);
  }

  /** Whether the user is known to take part; only for one who has a connection to this node. */
  isMember(userId: number, chatId: number): boolean {
    const user = this.#users.get(userId);
    return user !== undefined && this.#chats.get(chatId)?.members.has(user) === true;
  }

  /** The same, and they have been told of the chat. */
  hasWelcomed(userId: number, chatId: number): boolean {
    const user = this.#users.get(userId);
    const chat = this.#chats.get(chatId);
    return user !== undefined && chat?.members.has(user) === true && !chat.untold.has(user);
  }

  /** Whether the user takes part; when this node knows nothing of it, the database says. */
  async takesPart(userId: number, chatId: number): Promise<boolean> {
    if (this.isMember(userId, chatId)) return true;
    // Asked before the node subscribes, so that an outsider costs a query and no subscription.
    const found = await this.#store.check([{ userId, chatId }]);
    if (found.length > 0) await this.welcome(userId, chatId);
    return this.isMember(userId, chatId);
  }

  /** An event of a chat. */
  receive(chatId: number, event: EncodedEvent): void {
    this.#chats.get(chatId)?.receive(event);
  }

  /** An event that is for one user alone. */
  receiveForUser(userId: number, event: EncodedEvent): void {
    const user = this.#users.get(userId);
    if (!user) return;
    const { chatId, pts, mePts } = event.head;
    if (mePts !== undefined) {
      user.receiveOwn(mePts, event);
      return;
    }
    if (chatId === undefined || pts === undefined) {
      user.tell(event);
      return;
    }
    // An event of the previous version has no role: what it brings is read from the database.
    this.welcome(userId, chatId, event.head.role && event).catch((error: unknown) => {
      // The reconciler finds them again.
      this.#log.warn({ err: error }, 'could not tell a user of a new chat');
    });
  }

  /** Tells the user, and everybody who is connected to this node and in one of the chats, once. */
  tellContacts(userId: number, chatIds: readonly number[], event: EncodedEvent): void {
    const own = this.#users.get(userId);
    const contacts = chatIds.flatMap((chatId) => [...(this.#chats.get(chatId)?.members ?? [])]);
    for (const user of new Set([...(own ? [own] : []), ...contacts])) {
      user.tellOfPerson(event, (chats) => {
        return user === own || chatIds.some((chatId) => chats.has(chatId) && this.isMember(user.id, chatId));
      });
    }
  }

  /** Asks every client to sync, some at a time. */
  async resync(): Promise<void> {
    let count = 0;
    for (const user of [...this.#users.values()]) {
      user.resync();
      if (++count % RESYNC_SLICE === 0) await new Promise((resolve) => setTimeout(resolve, RESYNC_PAUSE_MS));
    }
  }

  /**
   * Makes the user a member of a chat that is new to them, once the database says so.
   * @param event tells them of it; without one they get a hint.
   */
  async welcome(userId: number, chatId: number, event?: EncodedEvent): Promise<void> {
    const user = this.#users.get(userId);
    if (!user) return;
    await user.ready;
    const expected = this.#expect(user, chatId);
    try {
      await expected.subscribed;
      const ask = () => this.#store.check([{ userId, chatId }]);
      if (!expected.members.has(user)) await this.#settle(user, ask, [expected]);
    } catch (error) {
      if (expected.joining.has(user)) expected.remove(user);
      throw error;
    }
    // A late removal may have ended the expected join, and another join may have begun.
    const chat = this.#chats.get(chatId);
    if (!chat?.members.has(user)) return;
    chat.untold.delete(user);
    const { pts = 0 } = chat;
    const hint = EncodedEvent.of(chatAdvanced(chatId, pts));
    if (event) user.welcome(event, hint);
    if (!event || pts > (event.head.pts ?? 0)) user.tell(hint);
  }

  /**
   * Brings a chat, of which events have been lost, to where the database is: a user who has been removed meanwhile is taken
   * out, the others get a hint.
   */
  async heal(chat: ChatChannel): Promise<void> {
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const asked = [...chat.members];
      const pairs = asked.map(({ id: userId }) => ({ userId, chatId: chat.id }));
      const found = new Map((await this.#store.check(pairs)).map((row) => [row.userId, row]));
      // The last member disconnected meanwhile. Newer connections have looked it up.
      if (this.#chats.get(chat.id) !== chat) return;
      const pts = Math.max(0, ...[...found.values()].map((row) => row.pts));
      for (const user of asked) {
        if (found.has(user.id)) continue;
        chat.remove(user);
        user.resync();
      }
      if (chat.pts !== undefined && chat.pts >= pts) return;
      // Users who connected meanwhile were looked up before or after: compare again, with them.
      if ([...chat.members].some((user) => !found.has(user.id))) continue;
      chat.advanceTo(pts);
      return;
    }
  }

  close(): void {
    for (const channel of [...this.#chats.values(), ...this.#users.values()]) channel.close();
  }

  async #listenFor(user: UserChannel): Promise<void> {
    try {
      await this.#broker.subscribe([`user:${user.id}`]);
      const known = await this.#memberships(user);
      if (!known) throw notAuthorized();
      const chats = known.chats.map(({ chatId }) => this.#expect(user, chatId));
      await Promise.all(chats.map(({ subscribed }) => subscribed));
      await this.#settle(user, async () => (await this.#memberships(user))?.chats ?? [], chats);
    } catch (error) {
      this.#forget(user);
      throw error;
    }
  }

  async #memberships(user: UserChannel): Promise<OwnMemberships | undefined> {
    const memberships = await this.#store.membershipsOf(user.id);
    if (memberships) user.standAt(memberships.mePts);
    return memberships;
  }

  /**
   * Asks the database, now that the node listens, in which of the chats the user is, until its answer is not older than
   * what the node knows.
   */
  async #settle(
    user: UserChannel,
    ask: () => Promise<readonly Membership[]>,
    expected: readonly ChatChannel[],
  ): Promise<void> {
    let waiting = expected;
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const rows = await ask();
      if (this.#users.get(user.id) !== user) {
        for (const chat of user.chats) chat.remove(user);
        return;
      }
      const unsure: ChatChannel[] = [];
      for (const { chatId, pts } of rows) {
        const known = this.#chats.get(chatId);
        if (known?.members.has(user)) continue;
        if (known?.joining.has(user) && known.jumpedTo <= pts) {
          if (known.pts === undefined) known.jumpTo(pts);
          known.admit(user);
        } else unsure.push(this.#expect(user, chatId));
      }
      const inThem = new Set(rows.map(({ chatId }) => chatId));
      for (const chat of waiting) {
        if (!inThem.has(chat.id) && chat.joining.has(user)) chat.remove(user);
      }
      if (unsure.length === 0) return;
      waiting = unsure;
      await Promise.all(unsure.map(({ subscribed }) => subscribed));
    }
    throw serviceUnavailable({ retryAfterSeconds: 1 });
  }

  #expect(user: UserChannel, chatId: number): ChatChannel {
    let chat = this.#chats.get(chatId);
    if (!chat) {
      chat = new ChatChannel(chatId, this.#writes, this.#users, {
        onGap: (behind) => void this.#healLogged(behind),
        onEmpty: (empty) => {
          this.#drop(empty);
        },
      });
      this.#chats.set(chatId, chat);
      chat.subscribed = this.#broker.subscribe([`chat:${chatId}`]);
    }
    chat.expect(user);
    return chat;
  }

  async #healLogged(chat: ChatChannel): Promise<void> {
    try {
      await measureGap('chat', () => this.heal(chat));
    } catch (error) {
      this.#log.warn({ err: error, chat_id: chat.id }, 'could not heal a chat; it will be tried again');
    }
  }

  /** Brings the user's own log, of which events have been lost, to where the database is. */
  async #healOwnLog(user: UserChannel): Promise<void> {
    try {
      await measureGap('user', async () => {
        const [position] = await this.#store.ownPositions([user.id]);
        if (position) user.advanceTo(position.mePts);
      });
    } catch (error) {
      this.#log.warn({ err: error, user_id: user.id }, 'could not heal the log of a user; it will be tried again');
    }
  }

  #forgetIfGone(user: UserChannel): void {
    if (user.listeners.size === 0 && user.attaching === 0) this.#forget(user);
  }

  #forget(user: UserChannel): void {
    if (this.#users.get(user.id) !== user) return;
    this.#users.delete(user.id);
    user.close();
    this.#broker.unsubscribe([`user:${user.id}`]);
    for (const chat of user.chats) chat.remove(user);
  }

  #drop(chat: ChatChannel): void {
    chat.close();
    if (this.#chats.get(chat.id) !== chat) return;
    this.#chats.delete(chat.id);
    this.#broker.unsubscribe([`chat:${chat.id}`]);
  }
}
